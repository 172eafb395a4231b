using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Export;
using Kpod.LanguageModels.Training;
using Kpod.Runs;
using TorchSharp;

namespace Kpod.Students;

/// <summary>What stage 6 leaves behind: an adapter for the base model or, where every weight was trained, a whole model.</summary>
internal static class TrainedStudent
{
    // What else may lie in the stage's folder, perhaps from an earlier training of the other kind.
    private static readonly string[] NoModelFiles =
        [Path.GetFileName(RunFiles.TrainingLog), Path.GetFileName(RunFiles.TrainingState), PeftConfiguration.FileName, PeftAdapter.WeightsFile];

    /// <summary>Trains something of a model: the stage without what is trained.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">What is trained.</param>
    public delegate void Training(ILanguageModel model, IReadOnlyList<NamedParameter> parameters);

    /// <summary>Trains an adapter and writes it; the model is as before afterwards.</summary>
    /// <param name="student">The base model.</param>
    /// <param name="options">The adapter's shape.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="folder">Where the adapter goes.</param>
    /// <param name="train">The training.</param>
    /// <returns>The files in the folder.</returns>
    public static IReadOnlyList<string> TrainAdapter(Checkpoint student, LoraOptions options, long seed, string folder, Training train)
    {
        var adapter = LoraAdapter.Attach(student.Model, options, Seeds.Derive(seed, "adapter"));
        try
        {
            train(student.Model, adapter.Parameters);
            PeftAdapter.Save(adapter, folder, student.Path);
        }
        finally
        {
            adapter.Detach();
        }

        return [PeftConfiguration.FileName, PeftAdapter.WeightsFile];
    }

    /// <summary>Trains every weight of a model and writes it as a Hugging Face folder with the base's configuration and tokenizer.</summary>
    /// <param name="student">The model, which is another afterwards.</param>
    /// <param name="folder">Where the model goes.</param>
    /// <param name="train">The training.</param>
    /// <returns>The files in the folder.</returns>
    public static IReadOnlyList<string> TrainEveryWeight(Checkpoint student, string folder, Training train)
    {
        train(student.Model, [.. student.Model.Weights.Select(weight => new NamedParameter(weight.Key, weight.Value.requires_grad_(true)))]);
        HuggingFaceExport.Write(folder, student, MergedWeights.Of(student.Model), torch.ScalarType.Float32, HuggingFaceFolder.DefaultShardBytes);
        return [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Except(NoModelFiles).Order(StringComparer.Ordinal)];
    }

    /// <summary>Does something with the student that was trained.</summary>
    /// <param name="folder">From one of the trainings.</param>
    /// <param name="isWhole">Whether every weight was trained.</param>
    /// <param name="student">The base model, which carries the adapter meanwhile.</param>
    /// <param name="use">What is done.</param>
    public static void Use(string folder, bool isWhole, UntrainedStudent student, Action<Checkpoint> use)
    {
        if (isWhole)
        {
            using var whole = student.LoadWhole(folder);
            use(whole);
            return;
        }

        var adapter = PeftAdapter.Load(student.Checkpoint.Model, folder);
        try
        {
            use(student.Checkpoint);
        }
        finally
        {
            adapter.Detach();
        }
    }

    /// <summary>An identity of the student that was trained.</summary>
    /// <param name="folder">From one of the trainings.</param>
    /// <param name="isWhole">Whether every weight was trained.</param>
    /// <returns>Hashes of what makes it.</returns>
    public static string[] Identity(string folder, bool isWhole) => isWhole
        ? [CheckpointLoader.Fingerprint(folder)]
        : [.. new[] { PeftConfiguration.FileName, PeftAdapter.WeightsFile }.Select(file => InputsHash.OfFile(Path.Combine(folder, file)))];
}

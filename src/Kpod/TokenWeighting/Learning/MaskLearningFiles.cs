using Kpod.Files;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.TokenWeighting.Learning;

/// <summary>
/// Where mask learning keeps what it has: the state of a phase under way (parameters, moments and how far it has come), and the trained predictor, each in one
/// safetensors file that is replaced as a whole.
/// </summary>
/// <param name="StatePath">The state's file.</param>
/// <param name="InputsHash">Hash of everything that shapes the weights; a state of other inputs is not resumed.</param>
/// <param name="PredictorPath">The predictor's file.</param>
/// <param name="PredictorHash">Hash of everything that shapes the predictor: another price, noise or number of mask-learning steps leaves it as it is.</param>
internal sealed record MaskLearningFiles(string StatePath, string InputsHash, string PredictorPath, string PredictorHash)
{
    /// <summary>Optimizer steps from one saved state to the next.</summary>
    internal const int SaveEverySteps = 25;

    private const string InputsKey = "inputs";
    private const string ProgressKey = "progress";

    /// <summary>Deletes the state of a learning that is done.</summary>
    public void DeleteState() => File.Delete(StatePath);

    /// <summary>Keeps the trained predictor.</summary>
    /// <param name="trained">How it was trained.</param>
    /// <param name="tensors">Its parameters by name.</param>
    internal void SavePredictor(MaskLearningProgress trained, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors) => Write(PredictorPath, PredictorHash, trained, tensors);

    /// <summary>How the kept predictor was trained.</summary>
    /// <returns>Null where there is none of these inputs.</returns>
    internal MaskLearningProgress? ReadPredictor() => Read(PredictorPath, PredictorHash);

    /// <summary>Gives the predictor its trained values back.</summary>
    /// <param name="tensors">Its parameters by name.</param>
    internal void RestorePredictor(IEnumerable<KeyValuePair<string, torch.Tensor>> tensors) => Restore(PredictorPath, tensors);

    /// <summary>Saves the state of the predictor's training after a step.</summary>
    /// <param name="progress">How far it has come.</param>
    /// <param name="tensors">Parameters and moments by name.</param>
    internal void SaveTraining(MaskLearningProgress progress, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors) => Write(StatePath, PredictorHash, progress, tensors);

    /// <summary>How far a training of the same predictor had come.</summary>
    /// <returns>Null where there is none.</returns>
    internal MaskLearningProgress? ReadTraining() => Read(StatePath, PredictorHash);

    /// <summary>Saves the state after a step. Chance is derived from seed and step (<see cref="Seeds"/>), so nothing else has to be kept.</summary>
    /// <param name="progress">How far it has come.</param>
    /// <param name="tensors">Parameters, moments and means by name.</param>
    internal void Save(MaskLearningProgress progress, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors) => Write(StatePath, InputsHash, progress, tensors);

    /// <summary>How far a learning of the same inputs had come.</summary>
    /// <returns>Null where there is none.</returns>
    internal MaskLearningProgress? Read() => Read(StatePath, InputsHash);

    /// <summary>Gives an optimizer its parameters and moments back.</summary>
    /// <param name="adam">The optimizer.</param>
    /// <param name="step">Steps it had taken.</param>
    internal void Restore(Adam adam, int step)
    {
        using var file = new SafetensorsFile(StatePath);
        adam.Restore(step, (name, _) => file.Read(name));
    }

    /// <summary>Gives tensors their saved values back.</summary>
    /// <param name="tensors">Names in the file and tensors of the same shape.</param>
    internal void Restore(IEnumerable<KeyValuePair<string, torch.Tensor>> tensors) => Restore(StatePath, tensors);

    private static void Write(string path, string hash, MaskLearningProgress progress, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors) =>
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { [InputsKey] = hash, [ProgressKey] = JsonArtefact.ToLine(progress) });

    private static MaskLearningProgress? Read(string path, string hash)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = new SafetensorsFile(path);
        return file.Metadata.GetValueOrDefault(InputsKey) == hash && file.Metadata.TryGetValue(ProgressKey, out var progress)
            ? JsonArtefact.FromLine<MaskLearningProgress>(progress, path)
            : null;
    }

    private static void Restore(string path, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors)
    {
        using var noGradient = torch.no_grad();
        using var file = new SafetensorsFile(path);
        foreach (var (name, tensor) in tensors)
        {
            using var scope = torch.NewDisposeScope();
            tensor.copy_(file.Read(name));
        }
    }
}

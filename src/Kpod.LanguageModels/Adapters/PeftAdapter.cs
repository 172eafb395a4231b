using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Checkpoints.Storage;
using TorchSharp;

namespace Kpod.LanguageModels.Adapters;

/// <summary>Reads and writes LoRA adapters in the folders of PEFT: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
public static class PeftAdapter
{
    /// <summary>Name of the weights' file.</summary>
    public const string WeightsFile = "adapter_model.safetensors";
    private const string PickleFileName = "adapter_model.bin";

    /// <summary>What PEFT puts in front of the names of the base model's modules.</summary>
    internal const string Prefix = "base_model.model.";

    /// <summary>Puts a stored adapter on a model, ready to be trained on.</summary>
    /// <param name="model">The base model; without an adapter so far. It is unchanged where loading fails.</param>
    /// <param name="folder">The adapter's folder.</param>
    /// <returns>The adapter.</returns>
    /// <exception cref="KpodException">
    /// A file is missing or unsound, a key of the configuration that changes the numbers is not supported (named), or the adapter belongs to another base model.
    /// </exception>
    public static LoraAdapter Load(ILanguageModel model, string folder)
    {
        var options = PeftConfiguration.Read(Path.Combine(folder, PeftConfiguration.FileName), model.IsCausal);
        var path = Path.Combine(folder, WeightsFile);
        if (!File.Exists(path) && File.Exists(Path.Combine(folder, PickleFileName)))
        {
            throw PickleFile.Refusal(Path.Combine(folder, PickleFileName));
        }

        using var weights = CheckpointWeights.OpenSafetensors(path, torch.ScalarType.Float32, torch.CPU);
        RefuseForeign(model, options, weights, path);
        return LoraAdapter.Attach(model, options, linear =>
        {
            using var a = weights.Take(Prefix + LoraAdapter.NameOfA(linear.Name), options.Rank, linear.Inputs);
            using var b = weights.Take(Prefix + LoraAdapter.NameOfB(linear.Name), linear.Outputs, options.Rank);
            return (a.clone(), b.clone());
        });
    }

    /// <summary>Writes an adapter so that PEFT loads it; each file is replaced as a whole, the configuration last.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="baseModelName">Where PEFT is to find the base model: a folder or a name on the hub.</param>
    /// <exception cref="KpodException">The disk refuses.</exception>
    public static void Save(LoraAdapter adapter, string folder, string baseModelName)
    {
        var tensors = adapter.Parameters.Select(parameter => KeyValuePair.Create(Prefix + parameter.Name, parameter.Value));
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFile), tensors);
        var targets = adapter.Options.Targets.Count > 0
            ? adapter.Options.Targets
            : adapter.Model.Linears.Select(linear => linear.Name[(linear.Name.LastIndexOf('.') + 1)..]);
        PeftConfiguration.Write(Path.Combine(folder, PeftConfiguration.FileName), adapter.Options, targets.Distinct(StringComparer.Ordinal), adapter.Model.IsCausal, baseModelName);
    }

    // An adapter of a deeper model would otherwise lose its upper layers without a word.
    private static void RefuseForeign(ILanguageModel model, LoraOptions options, CheckpointWeights weights, string path)
    {
        var known = model.Linears.Where(linear => options.Selects(linear.Name))
            .SelectMany(linear => new[] { Prefix + LoraAdapter.NameOfA(linear.Name), Prefix + LoraAdapter.NameOfB(linear.Name) })
            .ToHashSet(StringComparer.Ordinal);
        if (weights.Untaken.Count == 0)
        {
            throw new KpodException($"{path}: holds no tensor at all, so there is no adapter in it. Save it again from the trained model (an unwrapped one, with its state gathered).");
        }

        var foreign = weights.Untaken.FirstOrDefault(name => !known.Contains(name));
        if (foreign is not null && WrapperNames.Find(foreign, known) is { } wrapper)
        {
            throw new KpodException($"{path}: the weight '{foreign}' {wrapper}. Save the adapter from the unwrapped model with PEFT's save_pretrained, or rename its weights.");
        }

        if (foreign is not null)
        {
            throw new KpodException($"{path}: the weight '{foreign}' belongs to no linear map of the model that target_modules selects. The adapter was trained on another base model, or adapts what is not supported here.");
        }

        if (known.Count == 0)
        {
            throw new KpodException($"{path}: none of its targets ({string.Join(", ", options.Targets)}) is a linear map of the model. The adapter was trained on another base model.");
        }
    }
}

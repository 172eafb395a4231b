using Kpod.LanguageModels;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.Storage;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>A model that is held against recorded numbers: where its weights are and where the files beside them.</summary>
/// <param name="path">A Hugging Face folder or a .gguf file: what is loaded.</param>
/// <param name="folder">The folder with configuration files; null where there is none.</param>
/// <param name="device">Where it computes.</param>
internal sealed class ModelUnderTest(string path, string? folder, torch.Device device)
{
    private const string OlderSpelling = "config.v4.json";

    /// <summary>What is loaded.</summary>
    public string Path => path;

    /// <summary>Whether the weights come from a GGUF file.</summary>
    public bool IsGguf => !Directory.Exists(path);

    /// <summary>The configuration in the spelling of transformers 4, where there is one and the weights are its folder's; else null.</summary>
    public string? OlderConfiguration => !IsGguf && File.Exists(System.IO.Path.Combine(path, OlderSpelling)) ? System.IO.Path.Combine(path, OlderSpelling) : null;

    /// <summary>Loads the model in float32.</summary>
    /// <returns>The model; the caller disposes of it.</returns>
    public ILanguageModel Load() => CheckpointLoader.LoadModel(path, torch.ScalarType.Float32, device);

    /// <summary>Loads the model with another configuration file.</summary>
    /// <param name="configuration">The file.</param>
    /// <returns>The model; the caller disposes of it.</returns>
    public ILanguageModel LoadWith(string configuration)
    {
        using var weights = CheckpointWeights.OpenSafetensors(path, torch.ScalarType.Float32, device);
        return ModelArchitectures.Parse(JsonFile.ReadText(configuration), configuration).Build(weights);
    }

    /// <summary>Every id that ends a generation: what the folder's configurations name, else what the GGUF file does.</summary>
    /// <param name="vocabularySize">Every id is below it.</param>
    /// <returns>The ids; may be empty.</returns>
    public IReadOnlyList<int> EndIds(int vocabularySize)
    {
        if (folder is not null && EndTokens.Read(folder, vocabularySize) is { Count: > 0 } ids)
        {
            return ids;
        }

        if (!IsGguf)
        {
            return [];
        }

        using var file = new GgufFile(path);
        return GgufVocabulary.EndIds(file.Metadata);
    }
}

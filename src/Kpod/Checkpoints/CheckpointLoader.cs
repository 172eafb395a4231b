using Kpod.Models;
using Kpod.Tokenizers;
using TorchSharp;

namespace Kpod.Checkpoints;

/// <summary>Loads a model with its tokenizer from a Hugging Face folder or a GGUF file.</summary>
public static class CheckpointLoader
{
    private const string GgufExtension = ".gguf";

    /// <summary>Loads a model with its tokenizer.</summary>
    /// <param name="path">A Hugging Face folder (<c>config.json</c>, safetensors and a tokenizer) or a .gguf file with its tokenizer inside.</param>
    /// <param name="weightType">Type of the weights in memory; quantised ones are decoded to it.</param>
    /// <param name="device">Where the weights go.</param>
    /// <returns>The checkpoint; the caller disposes of it.</returns>
    /// <exception cref="KpodException">Something is missing, unsound or not implemented, or the tokenizer knows more ids than the model; the message names file, key or weight.</exception>
    public static Checkpoint Load(string path, torch.ScalarType weightType, torch.Device device)
    {
        ILanguageModel model;
        Tokenizer tokenizer;
        IReadOnlyList<int> endIds;
        if (IsGguf(path))
        {
            using var file = new GgufFile(path);
            tokenizer = GgufTokenizer.Create(file.Metadata.Values, path);
            endIds = GgufVocabulary.EndIds(file.Metadata);
            model = BuildGguf(file, weightType, device);
        }
        else
        {
            model = BuildFolder(path, weightType, device);
            try
            {
                tokenizer = TokenizerFile.Load(path);
                endIds = EndTokens.Read(path, model.VocabularySize);
            }
            catch
            {
                model.Dispose();
                throw;
            }
        }

        if (tokenizer.VocabularySize > model.VocabularySize)
        {
            var rows = model.VocabularySize;
            model.Dispose();
            throw new KpodException($"{path}: its tokenizer has {tokenizer.VocabularySize} ids, but the model's embedding only {rows} rows; they do not belong together.");
        }

        return new Checkpoint(model, tokenizer, path, endIds);
    }

    /// <summary>Loads a model alone.</summary>
    /// <param name="path">A Hugging Face folder (<c>config.json</c> and safetensors) or a .gguf file.</param>
    /// <param name="weightType">Type of the weights in memory; quantised ones are decoded to it.</param>
    /// <param name="device">Where the weights go.</param>
    /// <returns>The model; the caller disposes of it.</returns>
    /// <exception cref="KpodException">Something is missing, unsound or not implemented; the message names file, key or weight.</exception>
    public static ILanguageModel LoadModel(string path, torch.ScalarType weightType, torch.Device device)
    {
        if (IsGguf(path))
        {
            using var file = new GgufFile(path);
            return BuildGguf(file, weightType, device);
        }

        return BuildFolder(path, weightType, device);
    }

    /// <summary>A stable identity of a checkpoint's content: the same for a copy of it, another for any change of weights, configuration or tokenizer.</summary>
    /// <param name="path">As for <see cref="LoadModel"/>.</param>
    /// <returns>SHA-256 over its files, lower-case hexadecimal.</returns>
    /// <exception cref="KpodException">There is no such checkpoint, or a file cannot be read.</exception>
    public static string Fingerprint(string path) => CheckpointFingerprint.Of(path);

    private static bool IsGguf(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        if (!File.Exists(path))
        {
            throw new KpodException($"{path}: there is no such model; give a folder with {HuggingFaceFolder.ConfigurationFile} or a {GgufExtension} file.");
        }

        if (PickleFile.HasItsName(path))
        {
            throw PickleFile.Refusal(path);
        }

        return string.Equals(Path.GetExtension(path), GgufExtension, StringComparison.OrdinalIgnoreCase) ? true
            : throw new KpodException($"{path}: a model is a {GgufExtension} file or a folder with {HuggingFaceFolder.ConfigurationFile}; of a safetensors file give the folder.");
    }

    private static ILanguageModel BuildGguf(GgufFile file, torch.ScalarType weightType, torch.Device device)
    {
        var configuration = GgufConfiguration.Read(file);
        using var weights = new CheckpointWeights(new GgufWeights(file, configuration), weightType, device);
        return Build(file.Path, configuration, weights);
    }

    private static ILanguageModel BuildFolder(string folder, torch.ScalarType weightType, torch.Device device)
    {
        var path = Path.Combine(folder, HuggingFaceFolder.ConfigurationFile);
        if (!File.Exists(path))
        {
            var gguf = Directory.EnumerateFiles(folder, "*" + GgufExtension).Order(StringComparer.Ordinal).FirstOrDefault();
            throw new KpodException($"{folder}: holds no {HuggingFaceFolder.ConfigurationFile}, so it is no model{(gguf is null ? string.Empty : $"; did you mean {gguf}?")}");
        }

        var configuration = ModelConfiguration.Parse(JsonFile.ReadText(path), path);
        using var weights = CheckpointWeights.OpenSafetensors(folder, weightType, device);
        return Build(folder, configuration, weights);
    }

    private static ILanguageModel Build(string path, ModelConfiguration configuration, CheckpointWeights weights)
    {
        try
        {
            var model = configuration.Build(weights);
            UnusedWeights.Refuse(path, configuration, weights.Untaken);
            return model;
        }
        catch
        {
            weights.DiscardTaken();
            throw;
        }
    }
}

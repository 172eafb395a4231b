using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Llama;
using Kpod.Tokenizers;
using Kpod.Tokenizers.ChatTemplates;
using Kpod.Tokenizers.Files;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints;

/// <summary>Loads a model with its tokenizer from a Hugging Face folder or a GGUF file.</summary>
public static class CheckpointLoader
{
    private static readonly Lock OneLoad = new();

    private const string GgufExtension = ".gguf";

    /// <summary>Loads a model with its tokenizer.</summary>
    /// <param name="path">A Hugging Face folder (<c>config.json</c>, safetensors, <c>tokenizer.json</c>) or a .gguf file with its tokenizer inside.</param>
    /// <param name="weightType">Type of the weights in memory; quantised ones are decoded to it.</param>
    /// <param name="device">Where the weights go.</param>
    /// <param name="keepsQuantised">
    /// Whether the linear maps of a quantised .gguf keep their blocks, to be decoded for each product: a quarter to a half of the memory of bfloat16, and the same numbers.
    /// </param>
    /// <returns>The checkpoint; the caller disposes of it.</returns>
    /// <exception cref="KpodException">Something is missing, unsound or not implemented, or tokenizer and model do not fit; the message names file, key or weight.</exception>
    public static Checkpoint Load(string path, torch.ScalarType weightType, torch.Device device, bool keepsQuantised = false)
    {
        if (!IsGguf(path))
        {
            RefuseToKeep(path, keepsQuantised);
            var configuration = ReadConfiguration(path);
            var tokenizer = TokenizerFile.Load(path);
            RefuseLargerVocabulary(path, tokenizer, configuration);
            var endIds = EndIds(path, EndTokens.Read(path, configuration.VocabularySize), tokenizer);
            var model = BuildFolder(path, configuration, weightType, device);
            return new Checkpoint(model, tokenizer, path, endIds) { Remarks = [.. tokenizer.Remarks, .. HeadRemarks(path, configuration, model)] };
        }

        using var file = new GgufFile(path);
        var shape = GgufConfiguration.Read(file);
        GgufVocabulary.Check(file.Metadata, shape.VocabularySize);
        var inner = GgufTokenizer.Create(file.Metadata.Values, path);
        return new Checkpoint(BuildGguf(file, shape, weightType, device, keepsQuantised), inner, path, EndIds(path, GgufVocabulary.EndIds(file.Metadata), inner));
    }

    /// <summary>Loads a model alone.</summary>
    /// <param name="path">As for <see cref="Load"/>; a tokenizer is not needed.</param>
    /// <param name="weightType">Type of the weights in memory; quantised ones are decoded to it.</param>
    /// <param name="device">Where the weights go.</param>
    /// <param name="keepsQuantised">As for <see cref="Load"/>.</param>
    /// <returns>The model; the caller disposes of it.</returns>
    /// <exception cref="KpodException">Something is missing, unsound or not implemented; the message names file, key or weight.</exception>
    public static ILanguageModel LoadModel(string path, torch.ScalarType weightType, torch.Device device, bool keepsQuantised = false)
    {
        if (!IsGguf(path))
        {
            RefuseToKeep(path, keepsQuantised);
            return BuildFolder(path, ReadConfiguration(path), weightType, device);
        }

        using var file = new GgufFile(path);
        return BuildGguf(file, GgufConfiguration.Read(file), weightType, device, keepsQuantised);
    }

    /// <summary>Loads a tokenizer alone, in a fraction of the time.</summary>
    /// <param name="path">As for <see cref="Load"/>; weights are not needed.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="KpodException">There is none, or it is damaged or of a kind that is not implemented.</exception>
    public static ITokenizer LoadTokenizer(string path)
    {
        if (!IsGguf(path))
        {
            return TokenizerFile.Load(path);
        }

        using var file = new GgufFile(path);
        return GgufTokenizer.Create(file.Metadata.Values, path);
    }

    /// <summary>Finds a model's chat template, without its weights.</summary>
    /// <param name="path">As for <see cref="Load"/>.</param>
    /// <returns>The template, or null where the model has none.</returns>
    /// <exception cref="KpodException">A file is missing or unsound, or the template is.</exception>
    public static ChatTemplate? FindChatTemplate(string path)
    {
        if (!IsGguf(path))
        {
            return ChatTemplateFile.FindInFolder(path);
        }

        using var file = new GgufFile(path);
        return ChatTemplateFile.FindInMetadata(file.Metadata.Values, GgufTokenizer.Create(file.Metadata.Values, path), path);
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

    private static ModelConfiguration ReadConfiguration(string folder)
    {
        var path = Path.Combine(folder, HuggingFaceFolder.ConfigurationFile);
        if (File.Exists(path))
        {
            return ModelArchitectures.Parse(JsonFile.ReadText(path), path);
        }

        var gguf = Directory.EnumerateFiles(folder, "*" + GgufExtension).Order(StringComparer.Ordinal).FirstOrDefault();
        throw new KpodException($"{folder}: holds no {HuggingFaceFolder.ConfigurationFile}, so it is no model{(gguf is null ? "." : $"; did you mean {gguf}?")}");
    }

    private static void RefuseLargerVocabulary(string path, Tokenizer tokenizer, ModelConfiguration configuration)
    {
        if (tokenizer.VocabularySize > configuration.VocabularySize)
        {
            throw new KpodException($"{path}: the tokenizer has {tokenizer.VocabularySize} tokens, but the model's embedding has {configuration.VocabularySize} rows; model and tokenizer do not belong together.");
        }
    }

    // The tokenizer's own end token counts too: it is the one that a student learns to write.
    private static IReadOnlyList<int> EndIds(string path, IReadOnlyList<int> stated, Tokenizer tokenizer)
    {
        var ids = tokenizer.EndId is { } own && !stated.Contains(own) ? [.. stated, own] : stated;
        return ids.Count > 0 ? ids : throw new KpodException($"{path}: neither the model nor its tokenizer names a token that ends a text (eos_token_id), so no generation could end.");
    }

    private static IEnumerable<string> HeadRemarks(string path, ModelConfiguration stated, ILanguageModel model)
    {
        if (stated is LlamaConfiguration { TiedEmbeddings: true } && model is LlamaModel { Configuration.TiedEmbeddings: false })
        {
            yield return $"{Path.Combine(path, HuggingFaceFolder.ConfigurationFile)}: tie_word_embeddings is true, but the weights hold an {TiedWeights.Head} that differs from the embedding; the stored one is used. Set the key to false.";
        }
    }

    private static ILanguageModel BuildGguf(GgufFile file, ModelConfiguration configuration, torch.ScalarType weightType, torch.Device device, bool keepsQuantised)
    {
        using var weights = new CheckpointWeights(new GgufWeights(file, configuration), weightType, device, keepsQuantised);
        var model = OnOneThread(() => Build(file.Path, configuration, weights));
        if (keepsQuantised && !model.Linears.Any(linear => linear.IsQuantised))
        {
            model.Dispose();
            RefuseToKeep(file.Path, keepsQuantised);
        }

        return model;
    }

    // libtorch's other threads spin between the many small steps of decoding, and take the processor from the one that reads (docs/log.md).
    private static ILanguageModel OnOneThread(Func<ILanguageModel> load)
    {
        // The number is libtorch's for the whole process: two loads at once would restore each other's 1.
        lock (OneLoad)
        {
            var threads = torch.get_num_threads();
            torch.set_num_threads(1);
            try
            {
                return load();
            }
            finally
            {
                torch.set_num_threads(threads);
            }
        }
    }

    private static void RefuseToKeep(string path, bool keepsQuantised)
    {
        if (keepsQuantised)
        {
            throw new KpodException($"{path}: its linear maps are not quantised, so they cannot be kept that way. Write a quantised file first (kpod export, --dtype q8_0), or do not ask for it (student.keepQuantised).");
        }
    }

    private static ILanguageModel BuildFolder(string folder, ModelConfiguration configuration, torch.ScalarType weightType, torch.Device device)
    {
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

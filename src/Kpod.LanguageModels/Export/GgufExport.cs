using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Quantisation;
using Kpod.Tokenizers.Conversion;

namespace Kpod.LanguageModels.Export;

/// <summary>Writes a merged model as a GGUF file with its tokenizer inside.</summary>
internal static class GgufExport
{
    /// <summary>Writes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="checkpoint">The base model.</param>
    /// <param name="weights">The merged weights.</param>
    /// <param name="type">Type of the matrices.</param>
    /// <param name="name">What the file calls the model.</param>
    /// <exception cref="KpodException">The format cannot say what the model or its tokenizer is, or the disk refuses.</exception>
    public static void Write(string path, Checkpoint checkpoint, IReadOnlyList<TensorSource> weights, GgufType type, string name)
    {
        var (described, tokenizer) = Directory.Exists(checkpoint.Path)
            ? (new Dictionary<string, object>(), TokenizerToGguf.Convert(checkpoint.Path, checkpoint.Model.VocabularySize, checkpoint.EndIds))
            : OfGguf(checkpoint.Path);
        GgufModelFile.Write(path, HuggingFaceExport.ConfigurationOf(checkpoint.Model), weights, type, name, described, tokenizer);
    }

    // The tokenizer's keys are taken over as they are, those that are not read here included.
    private static (IReadOnlyDictionary<string, object> Described, IEnumerable<KeyValuePair<string, object>> Tokenizer) OfGguf(string path)
    {
        using var file = new GgufFile(path);
        var values = file.Metadata.Values;
        return (values, values.Where(pair => pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal)));
    }
}

using Kpod.Tokenizers.Decoders;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.Json;

/// <summary>Reads <c>tokenizer.json</c>. Truncation and padding that it may state are not applied: no text is ever cut silently.</summary>
internal static class TokenizerJson
{
    /// <summary>Reads a tokenizer.</summary>
    /// <param name="root">The file.</param>
    /// <param name="names">Which tokens play which part, as the files beside it say.</param>
    /// <param name="folder">Where it lies; files beside it may hold further tokens. Null for none.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="KpodException">A key is missing, wrong or not implemented.</exception>
    public static Tokenizer Read(LocatedJson root, SpecialTokenNames names, string? folder = null)
    {
        var normalizer = NormalizerReader.Read(root["normalizer"]);
        var steps = PreTokenizerReader.Read(root["pre_tokenizer"]);
        var model = ModelReader.Read(root["model"], steps);
        var tokens = AddedTokenReader.Read(root["added_tokens"], model.Vocabulary);
        if (folder is not null)
        {
            FurtherTokens.Add(tokens, folder, names, model.Vocabulary);
        }

        var added = new AddedTokenSet(tokens, normalizer);
        var post = PostProcessorReader.Read(root["post_processor"]);
        var size = Math.Max(model.Vocabulary.Size, added.Size);
        foreach (var id in post.Before.Concat(post.After).Where(id => (uint)id >= size))
        {
            throw new KpodException($"{root["post_processor"].Place}: adds id {id}, but the vocabulary ends at {size - 1}.");
        }

        var encoder = new PipelineEncoder(normalizer, model.PreTokenizers, model.Model, added);
        var decoder = new PipelineDecoder(model.Vocabulary, added, DecoderReader.Read(root["decoder"]));
        var special = names.Resolve(content => added.Find(content)?.Id ?? model.Vocabulary.Find(content), post, model.UnknownId);
        var remarks = new List<string>();
        post = SequenceFlags.Apply(post, names, special, Path.Combine(folder ?? string.Empty, SpecialTokenNames.ConfigName), remarks);
        return new Tokenizer(model.Vocabulary, added, encoder, decoder, post, special) { Remarks = remarks };
    }
}

using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.Json;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Says the tokenizer of a Hugging Face folder in the keys of a GGUF file. What these keys cannot say exactly is refused by name.</summary>
internal static class TokenizerToGguf
{
    private const string Prefix = GgufTokenizer.Prefix;

    // In the order in which readers look for them; a file has no place for more.
    private static readonly string[] EndKeys = ["eos_token_id", "eot_token_id", "eom_token_id"];

    /// <summary>Makes the keys.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="rows">Rows of the model's embedding: each gets a token.</param>
    /// <param name="endIds">Every id that ends a generation.</param>
    /// <returns>The keys in the order of llama.cpp's converter.</returns>
    /// <exception cref="KpodException">The folder has no tokenizer, or one that the format cannot say; the message names the part.</exception>
    public static IReadOnlyList<KeyValuePair<string, object>> Convert(string folder, int rows, IReadOnlyList<int> endIds)
    {
        var tokenizer = TokenizerFile.Load(folder);
        if (tokenizer.VocabularySize > rows)
        {
            throw new KpodException($"{folder}: the tokenizer has {tokenizer.VocabularySize} tokens, but the model's embedding has {rows} rows; model and tokenizer do not belong together.");
        }

        return [.. KindKeys(folder, tokenizer, rows), .. RoleKeys(folder, tokenizer, endIds), .. TemplateKeys(folder)];
    }

    private static IEnumerable<KeyValuePair<string, object>> KindKeys(string folder, Tokenizer tokenizer, int rows)
    {
        var json = Path.Combine(folder, TokenizerFile.JsonName);
        var root = File.Exists(json) ? LocatedJson.ReadFile(json) : (LocatedJson?)null;
        if (root is { } byteLevel && ByteLevelToGguf.IsByteLevel(byteLevel))
        {
            return ByteLevelToGguf.Convert(byteLevel, tokenizer, rows);
        }

        var model = TokenizerFile.SentencePieceNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return model is not null ? SentencePieceToGguf.Convert(model, tokenizer, rows)
            : root is { } unigram && unigram["model"]["type"] is { IsNull: false } type && type.AsString() == "Unigram" ? UnigramToGguf.Convert(unigram, tokenizer, rows)
            : throw new KpodException($"{json}: a character BPE needs the scores of its tokenizer.model to be written as GGUF; put that file beside it.");
    }

    private static IEnumerable<KeyValuePair<string, object>> RoleKeys(string folder, Tokenizer tokenizer, IReadOnlyList<int> endIds)
    {
        // The tokenizer's own end token is the one that a student learns to write.
        int[] ends = [.. endIds.OrderBy(id => id != tokenizer.EndId)];
        if (ends.Length > EndKeys.Length)
        {
            throw new KpodException($"{folder}: {ends.Length} tokens end a generation ({string.Join(", ", ends)}); a GGUF file can name {EndKeys.Length}. Shorten eos_token_id in generation_config.json.");
        }

        var adds = (Begin: Adds(tokenizer.IdsBefore, tokenizer.BeginId, "front", folder), End: Adds(tokenizer.IdsAfter, tokenizer.EndId, "end", folder));
        var ids = new[] { ("bos_token_id", tokenizer.BeginId) }
            .Concat(ends.Select((id, index) => (EndKeys[index], (int?)id)))
            .Concat([("unknown_token_id", tokenizer.UnknownId), ("padding_token_id", tokenizer.PadId)]);
        foreach (var (key, id) in ids.Where(pair => pair.Item2 is not null))
        {
            yield return new(Prefix + key, (uint)id!.Value);
        }

        yield return new(Prefix + "add_bos_token", adds.Begin);
        yield return new(Prefix + "add_eos_token", adds.End);
    }

    private static bool Adds(IReadOnlyList<int> added, int? id, string place, string folder) => added switch
    {
        [] => false,
        [var one] when one == id => true,
        _ => throw new KpodException($"{folder}: the tokenizer puts the ids {string.Join(", ", added)} at the {place} of a text; a GGUF file can name only its begin or end token there."),
    };

    private static IEnumerable<KeyValuePair<string, object>> TemplateKeys(string folder)
    {
        if (ChatTemplateFile.Read(folder) is { } template)
        {
            yield return new("tokenizer.chat_template", template);
        }
    }
}

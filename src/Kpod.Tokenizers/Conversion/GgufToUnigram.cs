using System.Text.Json.Nodes;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Says a SentencePiece Unigram model of a GGUF file (model "t5") as a <c>tokenizer.json</c> in the form that the published T5 checkpoints have.</summary>
internal static class GgufToUnigram
{
    private const string Prefix = GgufTokenizer.Prefix;

    /// <summary>Fills the file.</summary>
    /// <param name="root">The file.</param>
    /// <param name="pieces">The pieces.</param>
    /// <param name="reader">The GGUF file's key-values.</param>
    /// <param name="tokenizer">The tokenizer that was made of them.</param>
    /// <param name="place">The file, for errors.</param>
    /// <exception cref="KpodException">The keys state what T5's form does not.</exception>
    public static void Fill(JsonObject root, IReadOnlyList<SentencePieceEntry> pieces, GgufTokenizerMetadata reader, Tokenizer tokenizer, string place)
    {
        var map = reader.Optional<byte[]>(Prefix + "precompiled_charsmap") ?? [];
        if (map.Length == 0 || reader.Flag(Prefix + "remove_extra_whitespaces") != true || reader.Flag(Prefix + "add_space_prefix") == false)
        {
            throw new KpodException($"{place}: the Unigram tokenizer lacks a character map, keeps extra white space or adds no space in front; a tokenizer.json of T5's form cannot say that. Take the folder that the GGUF file was made from.");
        }

        RefuseOtherWhiteSpace(tokenizer, place);

        // Fillers behind the last token are left out; the embedding may have more rows.
        var used = pieces.Index().Last(item => item.Item.Type != PieceType.Unused).Index + 1;
        var added = new JsonArray();
        var vocabulary = new JsonArray();
        foreach (var (id, entry) in pieces.Take(used).Index())
        {
            vocabulary.Add((JsonNode)new JsonArray(entry.Piece, (double)entry.Score));
            if (entry.Type is PieceType.Control or PieceType.Unknown or PieceType.UserDefined)
            {
                added.Add((JsonNode)TokenizerFromGguf.AddedToken(id, entry.Piece, entry.Type != PieceType.UserDefined));
            }
        }

        root["added_tokens"] = added;
        root["normalizer"] = new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = System.Convert.ToBase64String(map) };
        root["pre_tokenizer"] = new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(new JsonObject { ["type"] = "WhitespaceSplit" }, Metaspace()) };
        root["post_processor"] = TokenizerFromGguf.PostProcessor(tokenizer);
        root["decoder"] = Metaspace();
        root["model"] = new JsonObject { ["type"] = "Unigram", ["unk_id"] = tokenizer.UnknownId, ["vocab"] = vocabulary, ["byte_fallback"] = false };
    }

    // T5's form cuts at white space of every kind, so the character map must make spaces of it; of rare kinds even the published forms differ.
    private static void RefuseOtherWhiteSpace(Tokenizer tokenizer, string place)
    {
        foreach (var space in "\t\n\r\u00A0\u3000")
        {
            if (!tokenizer.Encode($"1{space}2").Select(token => token.Id).SequenceEqual(tokenizer.Encode("1 2").Select(token => token.Id)))
            {
                throw new KpodException($"{place}: the character map of the Unigram tokenizer does not make a space of U+{(int)space:X4}, where a tokenizer.json of T5's form cuts. Take the folder that the GGUF file was made from.");
            }
        }
    }

    private static JsonObject Metaspace() => new() { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "always", ["split"] = true };
}

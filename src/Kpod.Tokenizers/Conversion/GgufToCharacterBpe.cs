using System.Text.Json.Nodes;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Conversion;

/// <summary>
/// Says a SentencePiece BPE of a GGUF file (model "llama") as a <c>tokenizer.json</c> of LLaMA's form. Scores become ranked merges: a piece may be made of any two pieces, the piece with
/// the highest score first.
/// </summary>
internal static class GgufToCharacterBpe
{
    private const string Prefix = GgufTokenizer.Prefix;

    /// <summary>Fills the file.</summary>
    /// <param name="root">The file.</param>
    /// <param name="pieces">The pieces.</param>
    /// <param name="reader">The GGUF file's key-values.</param>
    /// <param name="tokenizer">The tokenizer that was made of them.</param>
    /// <param name="place">The file, for errors.</param>
    /// <exception cref="KpodException">Ranked merges cannot say exactly what the scores say.</exception>
    public static void Fill(JsonObject root, IReadOnlyList<SentencePieceEntry> pieces, GgufTokenizerMetadata reader, Tokenizer tokenizer, string place)
    {
        if (pieces.FirstOrDefault(entry => entry.Type == PieceType.UserDefined) is { Piece: not null } user)
        {
            throw new KpodException($"{place}: {Prefix}tokens has the user-defined token \"{user.Piece}\" in a SentencePiece BPE, which a tokenizer.json treats otherwise. Take the folder that the GGUF file was made from.");
        }

        if ((reader.Optional<byte[]>(Prefix + "precompiled_charsmap") ?? []).Length > 0 || reader.Flag(Prefix + "remove_extra_whitespaces") == true)
        {
            throw new KpodException($"{place}: the SentencePiece BPE has a character map or takes out extra white space, which a tokenizer.json of its kind does not say.");
        }

        var unknown = pieces.First(entry => entry.Type == PieceType.Unknown).Piece;
        var addsPrefix = reader.Flag(Prefix + "add_space_prefix") ?? true;
        var vocabulary = new JsonObject();
        var added = new JsonArray();
        foreach (var (id, entry) in pieces.Index().Where(item => item.Item.Type != PieceType.Unused))
        {
            vocabulary[entry.Piece] = id;
            if (entry.Type is PieceType.Control or PieceType.Unknown)
            {
                added.Add((JsonNode)TokenizerFromGguf.AddedToken(id, entry.Piece, special: true));
            }
        }

        root["added_tokens"] = added;
        root["normalizer"] = Sequence("normalizers", [.. addsPrefix ? new[] { Step("Prepend", ("prepend", "▁")) } : [], Replace(" ", "▁")]);
        root["pre_tokenizer"] = null;
        root["post_processor"] = TokenizerFromGguf.PostProcessor(tokenizer);
        root["decoder"] = Sequence("decoders", [Replace("▁", " "), Step("ByteFallback"), Step("Fuse"), .. addsPrefix ? new[] { Strip() } : []]);
        root["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = unknown,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = true,
            ["byte_fallback"] = pieces.Count(entry => entry.Type == PieceType.Byte) > byte.MaxValue,
            ["ignore_merges"] = false,
            ["vocab"] = vocabulary,
            ["merges"] = new JsonArray([.. Merges(pieces, place).Select(merge => new JsonArray(merge.Left, merge.Right))]),
        };
    }

    /// <summary>Every way to make a piece of two others, in order of rank.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="place">The file, for errors.</param>
    /// <returns>The merges; among those of one piece, the longest left part first.</returns>
    internal static List<(string Left, string Right)> Merges(IReadOnlyList<SentencePieceEntry> pieces, string place)
    {
        var normal = pieces.Where(entry => entry.Type == PieceType.Normal).ToDictionary(entry => entry.Piece, entry => entry.Score, StringComparer.Ordinal);
        var merges = new List<(string Left, string Right, float Score)>();
        var pieceOfScore = new Dictionary<float, string>();
        foreach (var (piece, score) in normal)
        {
            RefuseUnspeltCharacters(piece, normal, place);
            for (var cut = 1; cut < piece.Length; cut++)
            {
                if (normal.ContainsKey(piece[..cut]) && normal.ContainsKey(piece[cut..]))
                {
                    merges.Add((piece[..cut], piece[cut..], score));

                    // SentencePiece takes the leftmost of pieces that score the same, ranks cannot. Runs of one character (LLaMA's spaces) grow from the left either way.
                    if (!pieceOfScore.TryAdd(score, piece) && pieceOfScore[score] != piece && !AreRunsOfOne(piece, pieceOfScore[score]))
                    {
                        throw new KpodException($"{place}: {Prefix}scores gives \"{pieceOfScore[score]}\" and \"{piece}\" the same score, which the ranked merges of a tokenizer.json cannot say.");
                    }
                }
            }
        }

        return [.. merges.OrderByDescending(merge => merge.Score).ThenByDescending(merge => RuneCount(merge.Left)).ThenByDescending(merge => RuneCount(merge.Right)).Select(merge => (merge.Left, merge.Right))];
    }

    private static bool AreRunsOfOne(string one, string other) => (one + other).AsSpan().IndexOfAnyExcept(one[0]) < 0;

    // SentencePiece may merge characters that are no pieces themselves, ranked merges cannot.
    private static void RefuseUnspeltCharacters(string piece, Dictionary<string, float> normal, string place)
    {
        foreach (var rune in piece.EnumerateRunes())
        {
            if (!normal.ContainsKey(rune.ToString()))
            {
                throw new KpodException($"{place}: {Prefix}tokens has the piece \"{piece}\" but not its character \"{rune}\", so the ranked merges of a tokenizer.json could not make it.");
            }
        }
    }

    private static int RuneCount(string text) => text.EnumerateRunes().Count();

    private static JsonObject Sequence(string key, JsonObject[] steps) => steps.Length == 1 ? steps[0] : new JsonObject { ["type"] = "Sequence", [key] = new JsonArray([.. steps]) };

    private static JsonObject Step(string type, params (string Key, string Value)[] values)
    {
        var step = new JsonObject { ["type"] = type };
        foreach (var (key, value) in values)
        {
            step[key] = value;
        }

        return step;
    }

    private static JsonObject Replace(string sought, string content) => new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = sought }, ["content"] = content };

    private static JsonObject Strip() => new() { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 };
}

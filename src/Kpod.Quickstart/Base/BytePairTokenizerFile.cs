using System.Text.Json.Nodes;

namespace Kpod.Quickstart.Base;

/// <summary>Makes the tokenizer of the LLaMA-shaped base: byte-level byte pairs in the form of GPT-2's <c>tokenizer.json</c>. Its small numbers are tokens of their own, which so small a base copies more easily than digits.</summary>
internal static class BytePairTokenizerFile
{
    /// <summary>Ends a text.</summary>
    public const string EndToken = "<|endoftext|>";

    /// <summary>Fills batches up.</summary>
    public const string PadToken = "<|pad|>";

    /// <summary>Stands for what is missing in a damaged text; no text is spelt with it.</summary>
    public const string UnknownToken = "<|unknown|>";

    /// <summary>Id of <see cref="EndToken"/>.</summary>
    public const int EndId = 0;

    /// <summary>Id of <see cref="PadToken"/>.</summary>
    public const int PadId = 1;

    private const int UnknownId = 2;
    private const int SpecialTokens = 3;

    /// <summary>Learns the vocabulary.</summary>
    /// <param name="texts">What to learn from.</param>
    /// <param name="vocabularySize">The most tokens; at least 259 (every byte and three special tokens).</param>
    /// <returns>The content of <c>tokenizer.json</c>.</returns>
    public static JsonObject Make(IEnumerable<string> texts, int vocabularySize)
    {
        var merges = BytePairTrainer.Train(texts, vocabularySize - SpecialTokens - BytePairTrainer.ByteSymbols.Count);
        var vocabulary = new JsonObject { [EndToken] = EndId, [PadToken] = PadId, [UnknownToken] = UnknownId };
        foreach (var piece in BytePairTrainer.ByteSymbols.Concat(merges.Select(merge => merge.Left + merge.Right)))
        {
            // Two ways to merge may end in one piece, which then keeps its first id.
            vocabulary.TryAdd(piece, vocabulary.Count);
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(TokenizerJson.AddedToken(EndId, EndToken), TokenizerJson.AddedToken(PadId, PadToken), TokenizerJson.AddedToken(UnknownId, UnknownToken)),
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevel(addPrefixSpace: false),
            ["post_processor"] = null,
            ["decoder"] = ByteLevel(addPrefixSpace: true),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. merges.Select(merge => new JsonArray(merge.Left, merge.Right))]),
            },
        };
    }

    /// <summary>The settings beside it.</summary>
    /// <param name="maximumLength">The longest sequence of the model, in tokens.</param>
    /// <returns>The content of <c>tokenizer_config.json</c>.</returns>
    public static JsonObject MakeSettings(int maximumLength) => new()
    {
        ["add_prefix_space"] = false,
        ["bos_token"] = null,
        ["clean_up_tokenization_spaces"] = false,
        ["eos_token"] = EndToken,
        ["model_max_length"] = maximumLength,
        ["pad_token"] = PadToken,
        ["tokenizer_class"] = "PreTrainedTokenizerFast",
        ["unk_token"] = UnknownToken,
    };

    private static JsonObject ByteLevel(bool addPrefixSpace) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["trim_offsets"] = true, ["use_regex"] = true };
}

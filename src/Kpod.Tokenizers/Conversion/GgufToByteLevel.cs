using System.Text.Json.Nodes;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.PreTokenizers;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Says a byte-level BPE of a GGUF file (model "gpt2") as a <c>tokenizer.json</c>.</summary>
internal static class GgufToByteLevel
{
    private const string Prefix = GgufTokenizer.Prefix;

    /// <summary>Fills the file.</summary>
    /// <param name="root">The file.</param>
    /// <param name="reader">The GGUF file's key-values.</param>
    /// <param name="tokenizer">The tokenizer that was made of them.</param>
    /// <param name="place">The file, for errors.</param>
    /// <exception cref="KpodException">The way of cutting text is not implemented.</exception>
    public static void Fill(JsonObject root, GgufTokenizerMetadata reader, Tokenizer tokenizer, string place)
    {
        var pieces = reader.Required<string[]>(Prefix + "tokens");
        var types = reader.OptionalList<int>(Prefix + "token_type", pieces.Length) ?? [.. Enumerable.Repeat((int)PieceType.Normal, pieces.Length)];
        var pre = reader.Required<string>(Prefix + "pre");
        var vocabulary = new JsonObject();
        var added = new JsonArray();
        for (var id = 0; id < pieces.Length; id++)
        {
            if (types[id] != (int)PieceType.Unused)
            {
                vocabulary[pieces[id]] = id;
            }

            if (tokenizer.FindAdded(id) is { } token)
            {
                added.Add((JsonNode)TokenizerFromGguf.AddedToken(id, token.Content, token.IsSpecial));
            }
        }

        root["added_tokens"] = added;
        root["normalizer"] = pre == "qwen2" ? new JsonObject { ["type"] = "NFC" } : null;
        root["pre_tokenizer"] = PreTokenizer(pre, place);
        root["post_processor"] = TokenizerFromGguf.PostProcessor(tokenizer);
        root["decoder"] = ByteLevel(addsPrefixSpace: true, usesExpression: true);
        root["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = pre == "llama-bpe",
            ["vocab"] = vocabulary,
            ["merges"] = new JsonArray([.. reader.Required<string[]>(Prefix + "merges").Select(merge => JsonValue.Create(merge))]),
        };
    }

    private static JsonObject PreTokenizer(string pre, string place) => pre switch
    {
        "gpt-2" => ByteLevel(addsPrefixSpace: false, usesExpression: true),
        "smollm" => Sequence(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, ByteLevel(addsPrefixSpace: false, usesExpression: true)),
        "llama-bpe" => Sequence(Split(SplitPatterns.Llama3), ByteLevel(addsPrefixSpace: false, usesExpression: false)),
        "qwen2" => Sequence(Split(SplitPatterns.Qwen2), ByteLevel(addsPrefixSpace: false, usesExpression: false)),
        _ => throw new KpodException($"{place}: {Prefix}pre is \"{pre}\"; a tokenizer.json is written for smollm, gpt-2, llama-bpe and qwen2."),
    };

    private static JsonObject Sequence(params JsonNode[] steps) => new() { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(steps) };

    private static JsonObject Split(string expression) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = expression },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };

    private static JsonObject ByteLevel(bool addsPrefixSpace, bool usesExpression) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = addsPrefixSpace,
        ["trim_offsets"] = true,
        ["use_regex"] = usesExpression,
    };
}

using Kpod.Tokenizers.ByteLevel;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Files;

/// <summary>Makes the tokenizer that a GGUF file carries in its metadata (keys <c>tokenizer.ggml.*</c>).</summary>
internal static class GgufTokenizer
{
    internal const string Prefix = "tokenizer.ggml.";

    /// <summary>Makes the tokenizer.</summary>
    /// <param name="metadata">The metadata: strings, whole numbers of any width, booleans, and arrays of them (<c>string[]</c>, <c>int[]</c>,
    /// <c>float[]</c>, <c>byte[]</c>).</param>
    /// <param name="place">The file, for errors.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="KpodException">A key is missing, of a wrong type, or states a tokenizer that is not implemented.</exception>
    public static Tokenizer Create(IReadOnlyDictionary<string, object> metadata, string place)
    {
        var reader = new GgufTokenizerMetadata(metadata, place);
        var model = reader.Required<string>(Prefix + "model");
        return model switch
        {
            "gpt2" => CreateByteLevel(reader, place),
            "llama" => GgufSentencePiece.Create(reader, SentencePieceAlgorithm.Bpe, place),
            "t5" => GgufSentencePiece.Create(reader, SentencePieceAlgorithm.Unigram, place),
            _ => throw new KpodException($"{place}: {Prefix}model is \"{model}\"; implemented are gpt2, llama and t5."),
        };
    }

    private static Tokenizer CreateByteLevel(GgufTokenizerMetadata metadata, string place)
    {
        var pieces = metadata.Required<string[]>(Prefix + "tokens");
        var types = metadata.OptionalList<int>(Prefix + "token_type", pieces.Length) ?? [];
        var pre = metadata.Required<string>(Prefix + "pre");
        var options = new ByteLevelBpeOptions
        {
            Split = pre switch
            {
                "smollm" => ByteLevelSplit.DigitsThenGpt2,
                "gpt-2" => ByteLevelSplit.Gpt2,
                "llama-bpe" => ByteLevelSplit.Llama3,
                "qwen2" => ByteLevelSplit.Qwen2,
                _ => throw new KpodException($"{place}: {Prefix}pre is \"{pre}\"; implemented are smollm, gpt-2, llama-bpe and qwen2."),
            },
            SpecialTokens = OfType(PieceType.Control),
            UserDefinedTokens = OfType(PieceType.UserDefined),
            BeginToken = PieceOf("bos_token_id"),
            EndToken = PieceOf("eos_token_id"),
            PadToken = PieceOf("padding_token_id"),
            UnknownToken = PieceOf("unknown_token_id"),
            AddsBegin = metadata.Flag(Prefix + "add_bos_token") ?? pre == "llama-bpe",
            AddsEnd = metadata.Flag(Prefix + "add_eos_token") ?? false,
        };
        return ByteLevelBpeTokenizer.FromVocabulary(pieces, metadata.Required<string[]>(Prefix + "merges"), options, place);

        string[] OfType(PieceType type) => [.. pieces.Where((_, id) => types.Length > 0 && types[id] == (int)type)];
        string? PieceOf(string key) => metadata.Id(Prefix + key, pieces.Length) is { } id ? pieces[id] : null;
    }
}

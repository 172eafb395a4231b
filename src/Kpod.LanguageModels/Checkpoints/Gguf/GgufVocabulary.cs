namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>Checks the tokenizer inside a GGUF file against the model, before anything is made of it.</summary>
internal static class GgufVocabulary
{
    /// <summary>The key of the tokens; where it is missing, the file has no tokenizer.</summary>
    public const string TokensKey = "tokenizer.ggml.tokens";

    private static readonly string[] ParallelKeys = ["tokenizer.ggml.scores", "tokenizer.ggml.token_type"];

    private static readonly string[] EndKeys = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"];

    private static readonly string[] IdKeys =
    [
        .. EndKeys, "tokenizer.ggml.bos_token_id", "tokenizer.ggml.unknown_token_id", "tokenizer.ggml.seperator_token_id", "tokenizer.ggml.padding_token_id",
        "tokenizer.ggml.cls_token_id", "tokenizer.ggml.mask_token_id",
    ];

    /// <summary>Checks lengths and ids.</summary>
    /// <param name="metadata">The file's key-values.</param>
    /// <param name="embeddingRows">Rows of <c>token_embd.weight</c>.</param>
    /// <exception cref="KpodException">There is no tokenizer, its lists differ in length, it does not fit the embedding or names an id that it does not have.</exception>
    public static void Check(GgufMetadata metadata, int embeddingRows)
    {
        var tokens = metadata.Texts(TokensKey) ?? throw metadata.Missing(TokensKey);
        if (tokens.Count != embeddingRows)
        {
            throw metadata.Fault(TokensKey, $"has {tokens.Count} entries, but token_embd.weight has {embeddingRows} rows; model and tokenizer do not belong together");
        }

        foreach (var key in ParallelKeys)
        {
            if (metadata.Values.GetValueOrDefault(key) is { } value && (value as Array)?.Length != tokens.Count)
            {
                throw metadata.Fault(key, $"has {(value as Array)?.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no"} entries, but {TokensKey} has {tokens.Count}");
            }
        }

        foreach (var key in IdKeys)
        {
            metadata.Integer(key, least: 0, most: tokens.Count - 1);
        }
    }

    /// <summary>Every id that ends a generation.</summary>
    /// <param name="metadata">The file's key-values.</param>
    /// <returns>The end token and, where the file names them, the ends of a turn and of a message; may be empty.</returns>
    public static IReadOnlyList<int> EndIds(GgufMetadata metadata) => [.. EndKeys.Select(key => metadata.Integer(key)).OfType<int>().Distinct()];
}

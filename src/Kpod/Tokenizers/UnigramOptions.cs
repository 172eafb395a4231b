namespace Kpod.Tokenizers;

/// <summary>What a T5-like Unigram tokenizer needs beside its pieces and scores.</summary>
public sealed record UnigramOptions
{
    /// <summary>The piece that fills batches up and begins decoding; T5's choice.</summary>
    public string PadToken { get; init; } = "<pad>";

    /// <summary>The piece that ends a sequence and is put behind every text; T5's choice.</summary>
    public string EndToken { get; init; } = "</s>";

    /// <summary>The piece for what no other covers; T5's choice.</summary>
    public string UnknownToken { get; init; } = "<unk>";

    /// <summary>Further pieces that are control tokens, such as T5's <c>&lt;extra_id_0&gt;</c>.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>Whether texts are brought to Unicode's form NFKC first. T5's own normalization is close to it.</summary>
    public bool NormalizesCompatibility { get; init; } = true;
}

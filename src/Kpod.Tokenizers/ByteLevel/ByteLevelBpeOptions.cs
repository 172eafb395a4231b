namespace Kpod.Tokenizers.ByteLevel;

/// <summary>What a byte-level BPE tokenizer needs beside its pieces and merges.</summary>
public sealed record ByteLevelBpeOptions
{
    /// <summary>How the text is cut.</summary>
    public required ByteLevelSplit Split { get; init; }

    /// <summary>Pieces that are control tokens: never read from untrusted text, left out of decoded text.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>Pieces that are always cut out of the text, though they are no control tokens.</summary>
    public IReadOnlyList<string> UserDefinedTokens { get; init; } = [];

    /// <summary>The piece that begins a sequence, or null.</summary>
    public string? BeginToken { get; init; }

    /// <summary>The piece that ends a sequence, or null.</summary>
    public string? EndToken { get; init; }

    /// <summary>The piece that fills batches up, or null.</summary>
    public string? PadToken { get; init; }

    /// <summary>The piece for what cannot be spelt, or null. Byte-level models spell everything; a byte that their vocabulary lacks is dropped.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Whether the model expects <see cref="BeginToken"/> in front of every sequence.</summary>
    public bool AddsBegin { get; init; }

    /// <summary>Whether the model expects <see cref="EndToken"/> behind every sequence.</summary>
    public bool AddsEnd { get; init; }
}

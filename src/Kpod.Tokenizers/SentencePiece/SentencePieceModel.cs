using Kpod.Tokenizers.PieceModels;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>The content of a SentencePiece <c>.model</c>; the defaults are SentencePiece's.</summary>
internal sealed record SentencePieceModel
{
    /// <summary>The pieces in order of id.</summary>
    public required IReadOnlyList<SentencePieceEntry> Pieces { get; init; }

    /// <summary>How it spells.</summary>
    public SentencePieceAlgorithm Algorithm { get; init; } = SentencePieceAlgorithm.Unigram;

    /// <summary>The precompiled character map; empty: characters stay as they are.</summary>
    public byte[] CharacterMap { get; init; } = [];

    /// <summary>Whether a space is put in front of each text.</summary>
    public bool AddsDummyPrefix { get; init; } = true;

    /// <summary>Whether spaces at the ends and runs of spaces are taken out.</summary>
    public bool RemovesExtraSpaces { get; init; } = true;

    /// <summary>Whether spaces are written as ▁.</summary>
    public bool EscapesSpaces { get; init; } = true;

    /// <summary>Whether the dummy space goes behind the text.</summary>
    public bool SpaceIsSuffix { get; init; }

    /// <summary>Whether characters without a piece are spelt in bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>What the unknown piece is written as when decoding.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <summary>The piece that begins a sequence.</summary>
    public string BeginPiece { get; init; } = "<s>";

    /// <summary>The piece that ends a sequence.</summary>
    public string EndPiece { get; init; } = "</s>";

    /// <summary>The piece that fills batches up.</summary>
    public string PadPiece { get; init; } = "<pad>";

    /// <summary>The id of the unknown piece.</summary>
    public int UnknownId => Pieces.TakeWhile(entry => entry.Type != PieceType.Unknown).Count();

    /// <summary>Checks that the parts fit together.</summary>
    /// <returns>The faults, each a message.</returns>
    public IEnumerable<string> Check()
    {
        if (!Enum.IsDefined(Algorithm))
        {
            yield return $"the model type is {(int)Algorithm}; implemented are 1 (Unigram) and 2 (BPE)";
        }

        var unknown = Pieces.Count(entry => entry.Type == PieceType.Unknown);
        if (unknown != 1)
        {
            yield return $"{unknown} of the {Pieces.Count} pieces are of type unknown; there must be exactly one";
        }

        for (var id = 0; id < Pieces.Count; id++)
        {
            if (CheckEntry(Pieces[id]) is { } fault)
            {
                yield return $"piece {id} {fault}";
                yield break;
            }
        }

        var spellings = Pieces.Where(entry => entry.Type == PieceType.Byte).Select(entry => entry.Piece).ToHashSet(StringComparer.Ordinal);
        if (ByteFallback && Enumerable.Range(0, 256).FirstOrDefault(value => !spellings.Contains(ByteTokens.PieceOf((byte)value)), -1) is >= 0 and var missing)
        {
            yield return $"byte_fallback is set, but there is no byte piece {ByteTokens.PieceOf((byte)missing)}";
        }
    }

    private string? CheckEntry(SentencePieceEntry entry)
    {
        const int LongestMerged = 1024; // finding its merges takes the square of its length
        return entry.Piece.Length == 0 ? "is empty"
            : !float.IsFinite(entry.Score) ? $"(\"{entry.Piece}\") has the score {entry.Score}; it must be finite"
            : !Enum.IsDefined(entry.Type) ? $"(\"{entry.Piece}\") has the type {(int)entry.Type}; types are 1 to 6"
            : entry.Type == PieceType.Byte && ByteTokens.ByteOf(entry.Piece) < 0 ? $"(\"{entry.Piece}\") is of type byte but is not spelt like <0x0A>"
            : Algorithm == SentencePieceAlgorithm.Bpe && entry.Piece.Length > LongestMerged
                ? $"has {entry.Piece.Length} characters; a BPE piece has at most {LongestMerged}"
            : null;
    }
}

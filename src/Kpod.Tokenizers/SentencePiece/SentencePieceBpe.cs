using System.Text;
using Kpod.Tokenizers.PieceModels;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>
/// BPE as SentencePiece computes it: any two neighbours that make a piece merge, the piece of the highest score first, the leftmost of equals.
/// User-defined pieces are laid out whole and never merge.
/// </summary>
internal sealed class SentencePieceBpe : IPieceModel
{
    private const int Frozen = 1 << 30; // added to the id of a piece that never merges
    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly MergeTable _merges;
    private readonly PieceTrie? _userDefined;
    private readonly int _pieceCount;
    private readonly int _unknownId;

    /// <summary>Makes the model.</summary>
    /// <param name="model">The file's content.</param>
    /// <param name="userDefined">Finds its user-defined pieces; null where there are none.</param>
    public SentencePieceBpe(SentencePieceModel model, PieceTrie? userDefined)
    {
        _userDefined = userDefined;
        _pieceCount = model.Pieces.Count;
        _unknownId = model.UnknownId;
        _lookup = _symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        var mergeable = model.Pieces.Select((entry, id) => (entry, id)).Where(piece => piece.entry.Type is PieceType.Normal or PieceType.UserDefined).ToList();
        foreach (var (entry, id) in mergeable)
        {
            _symbols[entry.Piece] = id;
        }

        // Equal scores are one rank, so that place decides between them.
        var ranks = mergeable.Select(piece => piece.entry.Score).Distinct().OrderDescending().Select(KeyValuePair.Create).ToDictionary();
        var merges = mergeable
            .SelectMany(piece => SplitsOf(piece.entry.Piece).Select(split => (split.Left, split.Right, ranks[piece.entry.Score], piece.id))).ToList();
        _merges = new MergeTable(merges.Count);
        foreach (var (left, right, rank, id) in merges)
        {
            _merges.Add(left, right, rank, id);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Characters without a piece come as the unknown id, one by one.</remarks>
    public ReadOnlySpan<PieceToken> Encode(ReadOnlySpan<char> piece, PieceScratch scratch)
    {
        scratch.Reserve(piece.Length);
        var count = 0;
        for (int start = 0, length; start < piece.Length; start += length)
        {
            (scratch.Ids[count], length) = SymbolAt(piece[start..]);
            scratch.Widths[count++] = length;
        }

        count = BytePairMerger.Merge(_merges, scratch, count);
        var tokens = scratch.Tokens(count);
        for (int i = 0, position = 0; i < count; position += scratch.Widths[i], i++)
        {
            var id = scratch.Ids[i] & ~Frozen;
            tokens[i] = new PieceToken(id < _pieceCount ? id : _unknownId, position, position + scratch.Widths[i]);
        }

        return tokens;
    }

    private (int Id, int Length) SymbolAt(ReadOnlySpan<char> text)
    {
        var userDefined = _userDefined is null ? 0 : SentencePieceNormalizer.LongestPiece(_userDefined, text);
        if (userDefined > 0)
        {
            return (_lookup[text[..userDefined]] | Frozen, userDefined);
        }

        var length = char.IsHighSurrogate(text[0]) ? 2 : 1;
        return (_lookup.TryGetValue(text[..length], out var id) ? id : _symbols.Count + _pieceCount, length);
    }

    // All ways to cut a piece into two symbols. A single character is a symbol even where it is no piece: then it gets an id beyond the pieces.
    private List<(int Left, int Right)> SplitsOf(string piece)
    {
        var splits = new List<(int, int)>();
        for (var cut = 1; cut < piece.Length; cut++)
        {
            if (!char.IsLowSurrogate(piece[cut]) && IdOf(piece.AsSpan(0, cut)) is { } left && IdOf(piece.AsSpan(cut)) is { } right)
            {
                splits.Add((left, right));
            }
        }

        return splits;
    }

    private int? IdOf(ReadOnlySpan<char> symbol)
    {
        if (_lookup.TryGetValue(symbol, out var id))
        {
            return id;
        }

        if (Rune.DecodeFromUtf16(symbol, out _, out var length) != System.Buffers.OperationStatus.Done || length != symbol.Length)
        {
            return null;
        }

        id = _pieceCount + _symbols.Count;
        _symbols.Add(symbol.ToString(), id);
        return id;
    }
}

using System.Runtime.InteropServices;

namespace Kpod.Tokenizers.PieceModels;

/// <summary>
/// Remembers how another model spelt short pieces, because text repeats its words. A fixed number of places, each holding the last piece that fell on it;
/// an entry never changes once it is made, so several threads may read and replace them without a lock.
/// </summary>
/// <param name="model">The model that spells.</param>
internal sealed class PieceCache(IPieceModel model) : IPieceModel
{
    // Longer pieces seldom come twice.
    private const int LongestPiece = 32;
    private const int Places = 1 << 15;
    private readonly Entry?[] _entries = new Entry?[Places];

    /// <inheritdoc/>
    public ReadOnlySpan<PieceToken> Encode(ReadOnlySpan<char> piece, PieceScratch scratch)
    {
        if (piece.Length > LongestPiece)
        {
            return model.Encode(piece, scratch);
        }

        ref var place = ref _entries[PlaceOf(piece)];
        if (Volatile.Read(ref place) is { } entry && piece.SequenceEqual(entry.Piece))
        {
            return entry.Tokens;
        }

        var tokens = model.Encode(piece, scratch);
        Volatile.Write(ref place, new Entry(piece.ToString(), tokens.ToArray()));
        return tokens;
    }

    private static int PlaceOf(ReadOnlySpan<char> piece)
    {
        var hash = (ulong)piece.Length * 0x9E3779B97F4A7C15UL;
        var bytes = MemoryMarshal.AsBytes(piece);
        while (bytes.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
            bytes = bytes[8..];
        }

        foreach (var value in MemoryMarshal.Cast<byte, ushort>(bytes))
        {
            hash = (hash ^ value) * 0xD6E8FEB86659FD93UL;
        }

        return (int)((hash ^ (hash >> 29)) >> 13) & (Places - 1);
    }

    private sealed record Entry(string Piece, PieceToken[] Tokens);
}

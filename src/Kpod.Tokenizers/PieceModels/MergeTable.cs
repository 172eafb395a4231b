using System.Numerics;

namespace Kpod.Tokenizers.PieceModels;

/// <summary>
/// The merges of a byte-pair encoding: which two neighbours become which token, and how early. Open addressing, because this is the innermost look-up.
/// </summary>
internal sealed class MergeTable
{
    private readonly ulong[] _pairs;
    private readonly int[] _ranks;
    private readonly int[] _merged;
    private readonly int _shift;

    /// <summary>Makes an empty table.</summary>
    /// <param name="capacity">Number of merges that will be added.</param>
    public MergeTable(int capacity)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity * 2L));
        _shift = 64 - BitOperations.Log2((uint)size);
        _pairs = new ulong[size];
        _ranks = new int[size];
        _merged = new int[size];
        Array.Fill(_pairs, ulong.MaxValue);
    }

    /// <summary>Adds a merge; a later one for the same pair replaces the earlier.</summary>
    /// <param name="left">Id of the left token.</param>
    /// <param name="right">Id of the right token.</param>
    /// <param name="rank">Lower ranks merge first.</param>
    /// <param name="merged">Id of what they become.</param>
    public void Add(int left, int right, int rank, int merged)
    {
        var slot = SlotOf(Pair(left, right));
        _pairs[slot] = Pair(left, right);
        _ranks[slot] = rank;
        _merged[slot] = merged;
    }

    /// <summary>Looks up a pair.</summary>
    /// <param name="left">Id of the left token.</param>
    /// <param name="right">Id of the right token.</param>
    /// <param name="rank">Its rank; <see cref="int.MaxValue"/> where the two do not merge.</param>
    /// <param name="merged">Id of what they become; -1 where they do not merge.</param>
    public void Find(int left, int right, out int rank, out int merged)
    {
        var pair = Pair(left, right);
        var slot = SlotOf(pair);
        if (_pairs[slot] == pair)
        {
            rank = _ranks[slot];
            merged = _merged[slot];
            return;
        }

        rank = int.MaxValue;
        merged = -1;
    }

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    // The slot that holds the pair, or the empty one where it would stand; half of the slots are empty, so the walk ends.
    private int SlotOf(ulong pair)
    {
        var slot = (int)((pair * 0x9E3779B97F4A7C15UL) >> _shift);
        while (_pairs[slot] != pair && _pairs[slot] != ulong.MaxValue)
        {
            slot = (slot + 1) & (_pairs.Length - 1);
        }

        return slot;
    }
}

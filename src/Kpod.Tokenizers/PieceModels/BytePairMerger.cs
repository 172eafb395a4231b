namespace Kpod.Tokenizers.PieceModels;

/// <summary>Byte-pair encoding proper: merges the pair of lowest rank, the leftmost of equals, until no neighbours merge.</summary>
internal static class BytePairMerger
{
    // Up to here a scan over all pairs is faster than a queue.
    private const int LongestScan = 48;

    /// <summary>Merges the symbols in <see cref="PieceScratch.Ids"/> and <see cref="PieceScratch.Widths"/> in place.</summary>
    /// <param name="merges">The merges.</param>
    /// <param name="scratch">The symbols; what remains of them stands at the front afterwards.</param>
    /// <param name="count">Number of symbols.</param>
    /// <returns>Number of symbols that remain.</returns>
    public static int Merge(MergeTable merges, PieceScratch scratch, int count) =>
        count <= LongestScan ? MergeByScan(merges, scratch, count) : MergeByQueue(merges, scratch, count);

    private static int MergeByScan(MergeTable merges, PieceScratch scratch, int count)
    {
        var ids = scratch.Ids.AsSpan();
        var widths = scratch.Widths.AsSpan();
        var ranks = scratch.Next.AsSpan();
        for (var i = 0; i + 1 < count; i++)
        {
            merges.Find(ids[i], ids[i + 1], out ranks[i], out _);
        }

        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i + 1 < count; i++)
            {
                best = ranks[i] < ranks[best] ? i : best;
            }

            if (ranks[best] == int.MaxValue)
            {
                break;
            }

            merges.Find(ids[best], ids[best + 1], out _, out ids[best]);
            widths[best] += widths[best + 1];
            count--;
            var tail = count - best - 1;
            ids.Slice(best + 2, tail).CopyTo(ids[(best + 1)..]);
            widths.Slice(best + 2, tail).CopyTo(widths[(best + 1)..]);
            if (tail > 0)
            {
                ranks.Slice(best + 2, tail - 1).CopyTo(ranks[(best + 1)..]);
                merges.Find(ids[best], ids[best + 1], out ranks[best], out _);
            }

            if (best > 0)
            {
                merges.Find(ids[best - 1], ids[best], out ranks[best - 1], out _);
            }
        }

        return count;
    }

    private static int MergeByQueue(MergeTable merges, PieceScratch scratch, int count)
    {
        var (ids, widths, next, previous, queue) = (scratch.Ids, scratch.Widths, scratch.Next, scratch.Previous, scratch.Queue);
        queue.Clear();
        for (var i = 0; i < count; i++)
        {
            next[i] = i + 1;
            previous[i] = i - 1;
            Enqueue(i, i + 1);
        }

        // An entry is stale where its pair has changed since: a pair that grew stands for a longer text, so its merge is another one.
        while (queue.TryDequeue(out var key, out var priority))
        {
            var left = (int)(priority & int.MaxValue);
            var right = next[left];
            if (widths[left] == 0 || right >= count)
            {
                continue;
            }

            merges.Find(ids[left], ids[right], out _, out var merged);
            if (merged < 0 || merged != key)
            {
                continue;
            }

            ids[left] = merged;
            widths[left] += widths[right];
            widths[right] = 0;
            next[left] = next[right];
            if (next[left] < count)
            {
                previous[next[left]] = left;
                Enqueue(left, next[left]);
            }

            if (previous[left] >= 0)
            {
                Enqueue(previous[left], left);
            }
        }

        return Compact(scratch, count);

        void Enqueue(int left, int right)
        {
            if (right >= count)
            {
                return;
            }

            merges.Find(ids[left], ids[right], out var rank, out var merged);
            if (merged >= 0)
            {
                queue.Enqueue(merged, ((long)rank << 31) | (uint)left);
            }
        }
    }

    private static int Compact(PieceScratch scratch, int count)
    {
        var kept = 0;
        for (var i = 0; i < count; i = scratch.Next[i])
        {
            scratch.Ids[kept] = scratch.Ids[i];
            scratch.Widths[kept++] = scratch.Widths[i];
        }

        return kept;
    }
}

namespace Kpod.Evaluation.Statistics;

/// <summary>
/// Whether two systems differ, by sign flips: if they were alike, each question's difference could as well have had the other sign. How often is the mean then at least as far from 0 as it is? Two-sided, equality counts.
/// </summary>
/// <param name="PValue">That share.</param>
/// <param name="Draws">How many patterns of signs were drawn; null where all were counted.</param>
public sealed record PermutationTest(double PValue, int? Draws)
{
    /// <summary>Patterns that are drawn where there are too many to count.</summary>
    public const int DefaultDraws = 100_000;

    // All 2^n patterns are counted by the sum that they lead to, of which there are few: n · (largest sum) additions.
    private const long CountableWork = 200_000_000;

    /// <summary>Tests a difference.</summary>
    /// <param name="differences">The differences by question.</param>
    /// <param name="seed">Seed of the patterns, where they must be drawn.</param>
    /// <returns>Exact where the patterns can be counted, else drawn.</returns>
    public static PermutationTest Of(QuestionDifferences differences, long seed)
    {
        var range = differences.Numerators.Sum(Math.Abs);
        return range * differences.Count <= CountableWork ? Counted(differences) : Drawn(differences, DefaultDraws, seed);
    }

    /// <summary>Counts all patterns.</summary>
    /// <param name="differences">The differences.</param>
    /// <returns>The exact value.</returns>
    public static PermutationTest Counted(QuestionDifferences differences)
    {
        // share[s] of the patterns so far has the sum s - range.
        long[] sizes = [.. differences.Numerators.Select(Math.Abs)];
        var range = (int)sizes.Sum();
        var share = new double[(2 * range) + 1];
        share[range] = 1;
        var reached = 0;
        foreach (var size in sizes.Where(size => size > 0).Select(size => (int)size))
        {
            share = Flipped(share, size, range, reached);
            reached += size;
        }

        var observed = Math.Abs(differences.Numerators.Sum());
        var p = Enumerable.Range(0, share.Length).Where(index => Math.Abs(index - range) >= observed).Sum(index => share[index]);
        return new PermutationTest(Math.Min(1, p), null);
    }

    /// <summary>Draws patterns.</summary>
    /// <param name="differences">The differences.</param>
    /// <param name="draws">Their number.</param>
    /// <param name="seed">Their seed.</param>
    /// <returns>(hits + 1) / (draws + 1): the observed pattern is one of them.</returns>
    public static PermutationTest Drawn(QuestionDifferences differences, int draws, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        long[] moving = [.. differences.Numerators.Where(numerator => numerator != 0)];
        var observed = Math.Abs(moving.Sum());
        var random = Seeds.Generator(seed, "sign patterns");
        var hits = 0L;
        for (var draw = 0; draw < draws; draw++)
        {
            hits += Math.Abs(DrawnSum(moving, random)) >= observed ? 1 : 0;
        }

        return new PermutationTest((hits + 1.0) / (draws + 1.0), draws);
    }

    private static double[] Flipped(double[] share, int size, int range, int reached)
    {
        var next = new double[share.Length];
        for (var index = range - reached; index <= range + reached; index++)
        {
            next[index - size] += share[index] / 2;
            next[index + size] += share[index] / 2;
        }

        return next;
    }

    private static long DrawnSum(long[] moving, Random random)
    {
        var (sum, bits) = (0L, 0L);
        for (var question = 0; question < moving.Length; question++)
        {
            bits = question % 62 == 0 ? random.NextInt64() : bits >> 1;
            sum += (bits & 1) == 0 ? moving[question] : -moving[question];
        }

        return sum;
    }
}

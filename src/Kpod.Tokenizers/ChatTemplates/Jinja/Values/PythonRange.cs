using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>Whole numbers at even distances.</summary>
/// <param name="Start">The first.</param>
/// <param name="Stop">The first that is too far.</param>
/// <param name="Step">The distance, not 0.</param>
internal sealed record PythonRange(BigInteger Start, BigInteger Stop, BigInteger Step)
{
    // Jinja's sandbox allows as many.
    private const int MostItems = 100_000;

    /// <summary>How many there are.</summary>
    public int Count { get; } = CountOf(Start, Stop, Step);

    /// <summary>The number at a place.</summary>
    /// <param name="index">The place, below <see cref="Count"/>.</param>
    /// <returns>The number.</returns>
    public BigInteger At(int index) => Start + (index * Step);

    private static int CountOf(BigInteger start, BigInteger stop, BigInteger step)
    {
        if (step.IsZero)
        {
            throw TemplateFault.Value("range() arg 3 must not be zero");
        }

        var distance = step.Sign > 0 ? stop - start : start - stop;
        var count = distance.Sign <= 0 ? BigInteger.Zero : ((distance - 1) / BigInteger.Abs(step)) + 1;
        return count <= MostItems ? (int)count
            : throw new TemplateFault("OverflowError", $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MostItems}).");
    }
}

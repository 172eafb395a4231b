using Kpod.Evaluation.Statistics;

namespace Kpod.Evaluation;

/// <summary>Wilson's score interval of a share (Wilson, 1927): it stays within [0, 1] and is right for small counts, where the normal approximation is not.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record WilsonInterval(double Low, double High)
{
    private const double Quantile = 1.959963984540054; // of the standard normal at 97.5 %

    /// <summary>The 95 % interval.</summary>
    /// <param name="successes">Successes.</param>
    /// <param name="total">Trials, at least 1.</param>
    /// <returns>The interval.</returns>
    public static WilsonInterval Of(long successes, long total) => OfQuantile(successes, total, Quantile);

    /// <summary>The interval of another level.</summary>
    /// <param name="successes">Successes.</param>
    /// <param name="total">Trials, at least 1.</param>
    /// <param name="level">Such as 0.99.</param>
    /// <returns>The interval.</returns>
    public static WilsonInterval Of(long successes, long total, double level) => OfQuantile(successes, total, NormalQuantile.Of((1 + level) / 2));

    private static WilsonInterval OfQuantile(long successes, long total, double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, total);
        var share = (double)successes / total;
        var z2 = quantile * quantile;
        var centre = share + (z2 / (2 * total));
        var spread = quantile * Math.Sqrt((share * (1 - share) / total) + (z2 / (4.0 * total * total)));
        var scale = 1 + (z2 / total);
        return new WilsonInterval(successes == 0 ? 0 : Math.Max(0, (centre - spread) / scale), successes == total ? 1 : Math.Min(1, (centre + spread) / scale));
    }
}

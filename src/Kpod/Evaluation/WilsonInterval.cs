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
    public static WilsonInterval Of(long successes, long total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, total);
        var share = (double)successes / total;
        var z2 = Quantile * Quantile;
        var centre = share + (z2 / (2 * total));
        var spread = Quantile * Math.Sqrt((share * (1 - share) / total) + (z2 / (4.0 * total * total)));
        var scale = 1 + (z2 / total);
        return new WilsonInterval(Math.Max(0, (centre - spread) / scale), Math.Min(1, (centre + spread) / scale));
    }
}

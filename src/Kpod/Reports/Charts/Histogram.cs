namespace Kpod.Reports.Charts;

/// <summary>Counts of values in bins of equal width; what lies outside is counted in the end bins.</summary>
/// <param name="Low">Start of the first bin.</param>
/// <param name="High">End of the last bin.</param>
/// <param name="Counts">Values in each bin; a bin holds its start and not its end, the last one both.</param>
internal sealed record Histogram(double Low, double High, IReadOnlyList<int> Counts)
{
    /// <summary>Width of a bin.</summary>
    public double BinWidth => (High - Low) / Counts.Count;

    /// <summary>All values counted.</summary>
    public int Total => Counts.Sum();

    /// <summary>Counts values.</summary>
    /// <param name="values">The values; those that are not finite are left out.</param>
    /// <param name="low">Start of the first bin.</param>
    /// <param name="high">End of the last bin, above <paramref name="low"/>.</param>
    /// <param name="bins">How many bins.</param>
    /// <returns>The counts.</returns>
    public static Histogram Of(IEnumerable<double> values, double low, double high, int bins)
    {
        var counts = new int[bins];
        foreach (var value in values.Where(double.IsFinite))
        {
            // A value on the edge of two bins must not fall by rounding into the lower one: 0.3 / 0.1 is 2.9999999999999996.
            counts[(int)Math.Clamp(Math.Floor(((value - low) / (high - low) * bins) + 1e-9), 0, bins - 1)]++;
        }

        return new Histogram(low, high, counts);
    }

    /// <summary>Start of a bin.</summary>
    /// <param name="bin">Its number, from 0.</param>
    /// <returns>Its least value.</returns>
    public double StartOf(int bin) => Low + (bin * BinWidth);

    /// <summary>Share of the values that lie in a bin.</summary>
    /// <param name="bin">Its number, from 0.</param>
    /// <returns>A share of 1; 0 where nothing was counted.</returns>
    public double ShareOf(int bin) => Total == 0 ? 0 : (double)Counts[bin] / Total;
}

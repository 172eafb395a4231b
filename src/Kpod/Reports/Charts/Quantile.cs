namespace Kpod.Reports.Charts;

/// <summary>Quantiles for drawing.</summary>
internal static class Quantile
{
    /// <summary>The value below which a share of the values lies, between neighbours linearly.</summary>
    /// <param name="sorted">The values, ascending; at least one.</param>
    /// <param name="share">The share, 0 to 1.</param>
    /// <returns>The quantile.</returns>
    public static double Of(IReadOnlyList<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(sorted.Count - 1, below + 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}

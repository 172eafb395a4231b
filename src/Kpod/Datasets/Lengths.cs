namespace Kpod.Datasets;

/// <summary>How long some texts are.</summary>
/// <param name="Mean">Mean length.</param>
/// <param name="Median">Half of the texts are no longer than this.</param>
/// <param name="Percentile95">95 of 100 texts are no longer than this.</param>
/// <param name="Maximum">The longest.</param>
public sealed record Lengths(double Mean, int Median, int Percentile95, int Maximum)
{
    /// <summary>Measures.</summary>
    /// <param name="lengths">A number a text.</param>
    /// <returns>The figures; null for no text.</returns>
    public static Lengths? Of(IEnumerable<int> lengths)
    {
        var sorted = lengths.Order().ToArray();
        int Quantile(double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
        return sorted.Length == 0 ? null : new Lengths(Math.Round(sorted.Average(), 1), Quantile(0.5), Quantile(0.95), sorted[^1]);
    }
}

namespace Kpod.Reports.Charts;

/// <summary>The view box of a chart; on the page it is scaled to the room there is.</summary>
/// <param name="Width">Units across.</param>
/// <param name="Height">Units down.</param>
internal readonly record struct ChartSize(double Width, double Height)
{
    /// <summary>For half the page's width, and for a phone.</summary>
    public static ChartSize Half => new(440, 264);

    /// <summary>For the page's whole width.</summary>
    public static ChartSize Whole => new(1000, 320);

    /// <summary>Half a page wide and as high as its rows need.</summary>
    /// <param name="rows">Rows of a chart with named things down its side.</param>
    /// <returns>The size.</returns>
    public static ChartSize OfRows(int rows) => new(440, 72 + (30 * Math.Max(1, rows)));
}

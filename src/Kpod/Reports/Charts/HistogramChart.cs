using Kpod.Reports.Markup;

namespace Kpod.Reports.Charts;

/// <summary>The chart of a histogram.</summary>
internal static class HistogramChart
{
    /// <summary>Draws it.</summary>
    /// <param name="text">The chart's words.</param>
    /// <param name="histogram">The counts.</param>
    /// <param name="label">What is measured, with unit.</param>
    /// <param name="things">What is counted, in the plural.</param>
    /// <param name="size">View box.</param>
    /// <returns>The chart.</returns>
    public static SvgChart Draw(ChartText text, Histogram histogram, string label, string things, ChartSize size)
    {
        var shares = Enumerable.Range(0, histogram.Counts.Count).Select(histogram.ShareOf).ToList();
        var chart = new SvgChart(
            text,
            ChartAxis.OfRange(label, histogram.Low, histogram.High),
            ChartAxis.OfNumbers($"share of the {things} (%)", 0, Math.Max(1, 100 * shares.Max())),
            size);
        for (var bin = 0; bin < shares.Count; bin++)
        {
            var title = $"{ReportNumber.Significant(histogram.StartOf(bin))} to {ReportNumber.Significant(histogram.StartOf(bin + 1))}: "
                + $"{ReportNumber.Count(histogram.Counts[bin])} {things}";
            chart.Bar(new ChartPoint(histogram.StartOf(bin), 0), new ChartPoint(histogram.StartOf(bin + 1), 100 * shares[bin]), "c1", title);
        }

        return chart;
    }
}

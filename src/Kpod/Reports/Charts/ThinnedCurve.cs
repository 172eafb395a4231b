namespace Kpod.Reports.Charts;

/// <summary>A long curve as a few hundred points, each the mean of its neighbours with their least and greatest value.</summary>
/// <param name="Mean">Means; a gap where all of a point's values are not finite.</param>
/// <param name="Low">Least values.</param>
/// <param name="High">Greatest values.</param>
internal sealed record ThinnedCurve(IReadOnlyList<ChartPoint> Mean, IReadOnlyList<ChartPoint> Low, IReadOnlyList<ChartPoint> High)
{
    /// <summary>Thins a curve.</summary>
    /// <param name="points">Its points in order.</param>
    /// <param name="atMost">About how many points to keep.</param>
    /// <returns>The curve; unchanged where it is short enough.</returns>
    public static ThinnedCurve Of(IReadOnlyList<ChartPoint> points, int atMost)
    {
        var size = Math.Max(1, (points.Count + atMost - 1) / atMost);
        List<ChartPoint> mean = [], low = [], high = [];
        foreach (var chunk in points.Chunk(size))
        {
            var x = chunk.Average(point => point.X);
            var values = chunk.Select(point => point.Y).Where(double.IsFinite).ToList();
            mean.Add(new ChartPoint(x, values.Count == 0 ? double.NaN : values.Average()));
            if (values.Count > 0)
            {
                low.Add(new ChartPoint(x, values.Min()));
                high.Add(new ChartPoint(x, values.Max()));
            }
        }

        return new ThinnedCurve(mean, low, high);
    }
}

using Kpod.Reports.Charts;

namespace Kpod.Tests.Reports.Charts;

public sealed class ChartStatisticsTests
{
    [Fact]
    public void A_value_on_the_edge_of_two_bins_lies_in_the_upper_one()
    {
        var histogram = Histogram.Of([0, 0.1, 0.2, 0.3, 0.3, 0.7, 1], 0, 1, 10);
        Assert.Equal([1, 1, 1, 2, 0, 0, 0, 1, 0, 1], histogram.Counts);
        Assert.Equal(7, histogram.Total);
        Assert.Equal(2.0 / 7, histogram.ShareOf(3));
    }

    [Fact]
    public void Values_outside_are_counted_in_the_end_bins_and_no_numbers_are_left_out()
    {
        var histogram = Histogram.Of([-5, 0.1, 99, double.NaN, double.PositiveInfinity], 0, 1, 4);
        Assert.Equal([2, 0, 0, 1], histogram.Counts);
    }

    [Fact]
    public void A_histogram_of_nothing_has_no_shares() => Assert.Equal(0, Histogram.Of([], 0, 1, 4).ShareOf(2));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.5, 2.5)]
    [InlineData(1, 4)]
    public void Quantiles_lie_between_neighbours(double share, double expected) => Assert.Equal(expected, Quantile.Of([1.0, 2, 3, 4], share));

    [Fact]
    public void A_long_curve_is_thinned_to_means_with_their_least_and_greatest()
    {
        var curve = ThinnedCurve.Of([new(1, 2), new(2, 4), new(3, 10), new(4, double.NaN), new(5, 7)], 3);
        Assert.Equal([new ChartPoint(1.5, 3), new ChartPoint(3.5, 10), new ChartPoint(5, 7)], curve.Mean);
        Assert.Equal([2, 10, 7.0], curve.Low.Select(point => point.Y));
        Assert.Equal([4, 10, 7.0], curve.High.Select(point => point.Y));
    }

    [Fact]
    public void A_short_curve_is_left_as_it_is()
    {
        ChartPoint[] points = [new(1, 2), new(2, 5)];
        Assert.Equal(points, ThinnedCurve.Of(points, 300).Mean);
    }
}

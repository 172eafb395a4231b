using Kpod.Reports.Charts;

namespace Kpod.Tests.Reports.Charts;

public sealed class ChartAxisTests
{
    [Fact]
    public void A_range_is_widened_to_round_numbers()
    {
        var axis = ChartAxis.OfNumbers("loss", 0.13, 0.92);
        Assert.Equal((0, 1.0), (axis.Low, axis.High));
        Assert.Equal(["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], axis.Ticks.Select(tick => tick.Label));
    }

    [Fact]
    public void A_fixed_range_stays_as_it_is()
    {
        var axis = ChartAxis.OfRange("w", 0, 1);
        Assert.Equal((0, 1.0), (axis.Low, axis.High));
        Assert.Equal(6, axis.Ticks.Count);
    }

    [Fact]
    public void Small_numbers_are_written_with_an_exponent() =>
        Assert.Equal(["0", "2e-4", "4e-4", "6e-4"], ChartAxis.OfNumbers("learning rate", 0, 5e-4, 3).Ticks.Select(tick => tick.Label));

    [Fact]
    public void Thousands_have_commas() =>
        Assert.Equal(["0", "5,000", "10,000", "15,000"], ChartAxis.OfNumbers("steps", 0, 12_000, 3).Ticks.Select(tick => tick.Label));

    [Fact]
    public void Stages_are_never_cut_in_two()
    {
        var axis = ChartAxis.OfWholeNumbers("stage", 0, 3);
        Assert.Equal(["0", "1", "2", "3"], axis.Ticks.Select(tick => tick.Label));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    [InlineData(-3, -3)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(2, 1)]
    public void An_axis_of_one_value_or_none_still_has_a_length(double low, double high)
    {
        foreach (var axis in new[] { ChartAxis.OfNumbers("x", low, high), ChartAxis.OfRange("x", low, high), ChartAxis.OfWholeNumbers("x", low, high) })
        {
            Assert.True(axis.High > axis.Low, $"{axis.Low} to {axis.High}");
            Assert.True(double.IsFinite(axis.Low) && double.IsFinite(axis.High));
            Assert.InRange(axis.Ticks.Count, 1, 20);
            Assert.All(axis.Ticks, tick => Assert.InRange(tick.Position, axis.Low - 1e-9, axis.High + 1e-9));
        }
    }

    [Fact]
    public void Of_many_categories_only_some_are_labelled_and_of_rows_all()
    {
        var names = Enumerable.Range(1, 50).Select(index => $"{index}").ToList();
        Assert.Equal(["1", "5", "9"], ChartAxis.OfCategories("stage", names).Ticks.Take(3).Select(tick => tick.Label));
        Assert.InRange(ChartAxis.OfCategories("stage", names).Ticks.Count, 8, 14);
        Assert.Equal(50, ChartAxis.OfRows(names).Ticks.Count);
    }

    [Fact]
    public void A_scale_maps_linearly_and_keeps_what_is_outside_at_its_ends()
    {
        var down = new LinearScale(0, 10, 200, 100);
        Assert.Equal(150, down.Map(5));
        Assert.Equal(200, down.Map(-7));
        Assert.Equal(100, down.Map(11));
    }
}

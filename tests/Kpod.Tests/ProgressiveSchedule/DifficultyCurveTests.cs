using Kpod.ProgressiveSchedule;

namespace Kpod.Tests.ProgressiveSchedule;

public sealed class DifficultyCurveTests
{
    [Fact]
    public void Equation_10_by_hand()
    {
        // B = 100, C_0 = 30, p = 0.5, T = 4: u = 70 · 1.5 / 8; D(1) = 30 + 70 / 8; D(2) = 30 + 70 · 2^1.5 / 8.
        var curve = new DifficultyCurve(100, 30, 0.5, 4);
        Assert.Equal(13.125, curve.GrowthRate, 1e-12);
        Assert.Equal(38.75, curve.At(1), 1e-12);
        Assert.Equal(30 + (70 * Math.Pow(2, 1.5) / 8), curve.At(2), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void It_starts_at_the_initial_difficulty_and_ends_at_the_maximum_exactly(double growthPower)
    {
        foreach (var stages in new[] { 1, 3, 10, 50 })
        {
            var curve = new DifficultyCurve(177.79899619094715, 53.3396988572841, growthPower, stages);
            Assert.Equal(53.3396988572841, curve.At(0));
            Assert.Equal(177.79899619094715, curve.At(stages));
            Assert.Equal(177.79899619094715, curve.At(stages + 7));
            Assert.All(Enumerable.Range(0, stages), stage => Assert.True(curve.At(stage) < curve.At(stage + 1)));
        }
    }

    [Fact]
    public void Its_slope_is_u_t_to_the_p()
    {
        var curve = new DifficultyCurve(100, 30, 2, 1000);
        Assert.Equal(1, (curve.At(501) - curve.At(499)) / 2 / (curve.GrowthRate * 500 * 500), 1e-5);
    }

    [Fact]
    public void Figures_without_a_curve_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DifficultyCurve(1, 2, 0.5, 3));
        Assert.Throws<ArgumentException>(() => new DifficultyCurve(2, 1, 0.5, 0));
        Assert.Throws<ArgumentException>(() => new DifficultyCurve(2, 1, -1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DifficultyCurve(2, 1, 0.5, 3).At(-1));
    }
}

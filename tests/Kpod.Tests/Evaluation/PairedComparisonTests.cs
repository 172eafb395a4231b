using Kpod.Evaluation;

namespace Kpod.Tests.Evaluation;

public sealed class PairedComparisonTests
{
    [Theory]
    [InlineData(0, 0, 1)] // nothing tells them apart
    [InlineData(1, 0, 1)] // 2 · 1/2
    [InlineData(5, 0, 0.0625)] // 2 · 1/32
    [InlineData(8, 2, 0.109375)] // 2 · (1 + 10 + 45) / 1024
    [InlineData(2, 8, 0.109375)]
    [InlineData(3, 3, 1)] // the tail from the middle counts the middle twice
    [InlineData(20, 6, 0.009355306625)] // 2 · Σ C(26, 0..6) / 2^26
    public void The_probability_is_that_of_a_fair_coin(int onlyFirst, int onlySecond, double expected) =>
        Assert.Equal(expected, new PairedComparison(11, onlyFirst, onlySecond, 40).PValue, 1e-10);

    [Fact]
    public void Thousands_of_differing_questions_still_give_a_number()
    {
        var nearlyEven = new PairedComparison(0, 2050, 1950, 0).PValue;
        Assert.Equal(0.1176, nearlyEven, 5e-4); // normal approximation: z = 99 / √4000
        Assert.InRange(new PairedComparison(0, 3000, 1000, 0).PValue, 0, 1e-200);
    }

    [Fact]
    public void Only_questions_that_both_were_asked_are_paired()
    {
        var first = new Dictionary<string, bool> { ["a"] = true, ["b"] = true, ["c"] = false, ["d"] = false, ["e"] = true };
        var second = new Dictionary<string, bool> { ["a"] = true, ["b"] = false, ["c"] = true, ["d"] = false, ["f"] = true };
        var pair = PairedComparison.Of(first, second);
        Assert.Equal(new PairedComparison(1, 1, 1, 1), pair);
        Assert.Equal(4, pair.Questions);
        Assert.Equal(0, pair.Difference);
        Assert.Equal(0.25, new PairedComparison(1, 2, 1, 0).Difference);
    }
}

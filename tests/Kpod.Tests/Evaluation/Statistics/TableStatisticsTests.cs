using Kpod.Evaluation;
using Kpod.Evaluation.Statistics;

namespace Kpod.Tests.Evaluation.Statistics;

public sealed class TableStatisticsTests
{
    // Of a table of the normal distribution.
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.8, 0.8416212335729143)]
    [InlineData(0.995, 2.5758293035489004)]
    [InlineData(0.999, 3.090232306167813)]
    public void Quantiles_are_those_of_the_normal_distribution_on_both_sides(double probability, double expected)
    {
        Assert.Equal(expected, NormalQuantile.Of(probability), 1e-12);
        Assert.Equal(-expected, NormalQuantile.Of(1 - probability), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalQuantile.Of(1));
    }

    // By hand: sorted 0.01, 0.02, 0.03, 0.04 times 4, 3, 2, 1: 0.04, 0.06, 0.06, 0.04, and none below the one before.
    [Fact]
    public void Holm_multiplies_by_what_is_left_and_never_falls()
    {
        Assert.Equal([0.06, 0.04, 0.06, 0.06], HolmCorrection.Adjust([0.04, 0.01, 0.03, 0.02]).Select(p => Math.Round(p, 12)));
        Assert.Equal([1.0, 1.0], HolmCorrection.Adjust([0.9, 0.6]));
        Assert.Empty(HolmCorrection.Adjust([]));
    }

    // Four times the questions show half the difference.
    [Fact]
    public void More_questions_show_smaller_differences()
    {
        Assert.Equal((1.959963984540054 + 0.8416212335729143) * 0.5 / 10, SmallestDifference.Of(0.5, 100), 1e-12);
        Assert.Equal(SmallestDifference.Of(0.5, 100) / 2, SmallestDifference.Of(0.5, 400), 1e-12);
    }

    [Theory]
    [InlineData("7 8 8 7", "8")] // both twice, 8 first
    [InlineData("7 8 8 7 7", "7")]
    [InlineData("- - 3 4 4", "4")]
    [InlineData("- 3 4", "3")]
    [InlineData("-", null)]
    [InlineData("1 2 3", "1")]
    public void The_answer_that_first_reached_the_winning_count_wins(string answers, string? expected) =>
        Assert.Equal(expected, MajorityVote.Of(answers.Split(' ').Select(answer => answer == "-" ? null : answer)));

    [Fact]
    public void No_vote_is_wrong() => Assert.Equal(1, MajorityVote.Right([("7", ["7", "8", "8"]), ("7", [null, "8", "8"])], 1));

    [Fact]
    public void A_twin_differs_in_its_numbers_alone()
    {
        var leakage = Leakage.Of(["Tom has 3 apples.", "Ann has 1,200.5 pears.", "Tom has 3  apples."], ["TOM has 14\napples.", "Ann has two pears.", "tom has 3 apples. ", "Ann has 7 pears."]);
        Assert.Equal(["0 2", "", "0 2", "1"], leakage.Twins.Select(twins => string.Join(' ', twins)));
        Assert.Equal(["", "", "0 2", ""], leakage.Copies.Select(copies => string.Join(' ', copies)));
        Assert.Equal(0.75, leakage.Share);
        Assert.Equal("ann has # pears.", Leakage.Mask("Ann has 1,200.5 pears."));
    }

    [Fact]
    public void Wilsons_interval_has_other_levels_and_ends_exactly_at_0_and_1()
    {
        var usual = WilsonInterval.Of(403, 660);
        var same = WilsonInterval.Of(403, 660, 0.95);
        Assert.Equal(usual.Low, same.Low, 1e-13);
        Assert.True(WilsonInterval.Of(403, 660, 0.99).Low < usual.Low);
        Assert.Equal(0, WilsonInterval.Of(0, 7).Low);
        Assert.Equal(1, WilsonInterval.Of(7, 7).High);
    }
}

using Kpod.Evaluation.Statistics;

namespace Kpod.Tests.Evaluation.Statistics;

public sealed class BootstrapIntervalTests
{
    [Fact]
    public void Equal_differences_give_an_interval_without_width() =>
        Assert.Equal(new BootstrapInterval(1, 1), BootstrapInterval.Of(QuestionDifferences.Of([[true, true, true]], [[false, false, false]]), 1));

    [Fact]
    public void Exchanged_systems_turn_the_interval_round_and_a_seed_gives_it_again()
    {
        var (first, second) = (Run(1, 0.7), Run(2, 0.4));
        var interval = BootstrapInterval.Of(QuestionDifferences.Of(first, second), 3);
        Assert.Equal(interval, BootstrapInterval.Of(QuestionDifferences.Of(first, second), 3));
        var exchanged = BootstrapInterval.Of(QuestionDifferences.Of(second, first), 3);
        Assert.Equal((-interval.High, -interval.Low), (exchanged.Low, exchanged.High));
    }

    // With many questions the means are nearly normal: the ends lie 1.96 standard errors out.
    [Fact]
    public void Its_width_is_that_of_the_standard_error()
    {
        var differences = QuestionDifferences.Of(Run(1, 0.7), Run(2, 0.4));
        var interval = BootstrapInterval.Of(differences, 3);
        Assert.Equal(2 * 1.96, (interval.High - interval.Low) / differences.StandardError, 0.15);
        Assert.Equal(differences.Mean, (interval.High + interval.Low) / 2, 0.2 * differences.StandardError);
        var wider = BootstrapInterval.Of(differences, 3, level: 0.99);
        Assert.True(wider.Low < interval.Low && wider.High > interval.High);
    }

    private static bool[][] Run(int seed, double chance)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 300).Select(_ => random.NextDouble() < chance).ToArray())];
    }
}

using Kpod.Evaluation;
using Kpod.LanguageModels.Inference;

namespace Kpod.Tests.Evaluation;

public sealed class EvaluationResultTests
{
    // By hand: with z = 1.96, z² = 3.8415; 0 of n: 0 to z²/(n + z²); k of n: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    [Theory]
    [InlineData(0, 10, 0, 0.27753)]
    [InlineData(10, 10, 0.72247, 1)]
    [InlineData(15, 150, 0.06154, 0.15843)]
    [InlineData(1, 2, 0.09453, 0.90547)]
    public void Wilsons_interval_is_the_one_computed_by_hand(long successes, long total, double low, double high)
    {
        var interval = WilsonInterval.Of(successes, total);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void Half_the_sample_is_symmetric_and_more_questions_narrow_the_interval()
    {
        var (few, many) = (WilsonInterval.Of(5, 10), WilsonInterval.Of(500, 1000));
        Assert.Equal(1, few.Low + few.High, 12);
        Assert.True(many.High - many.Low < few.High - few.Low);
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(3, 2));
    }

    [Fact]
    public void Outcomes_are_counted()
    {
        QuestionOutcome[] outcomes =
        [
            Outcome(correct: true, strict: true, StopReason.EndToken, 10, "sentence"),
            Outcome(correct: true, strict: false, StopReason.EndToken, 20, "last number"),
            Outcome(correct: false, strict: false, StopReason.Length, 60, null),
            Outcome(correct: false, strict: false, StopReason.EndToken, 30, "last number"),
        ];
        var result = EvaluationResult.Of("student", "test", outcomes);
        Assert.Equal((4, 2, 0.5, 1), (result.Questions, result.Correct, result.Accuracy, result.StrictCorrect));
        Assert.Equal((0.75, 0.25, 30.0), (result.StopRate, result.TruncationRate, result.MeanTokens));
        Assert.Equal(new Dictionary<string, int> { ["last number"] = 2, ["none"] = 1, ["sentence"] = 1 }, result.Extraction);
        Assert.Equal(WilsonInterval.Of(2, 4), result.Interval);
    }

    private static QuestionOutcome Outcome(bool correct, bool strict, StopReason stop, int tokens, string? rule) => new()
    {
        QuestionId = "q",
        Gold = "1",
        Text = "t",
        Tokens = tokens,
        StopReason = stop,
        Rule = rule,
        StrictCorrect = strict,
        Correct = correct,
    };
}

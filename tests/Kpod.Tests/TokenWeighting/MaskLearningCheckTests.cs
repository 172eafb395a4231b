using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Options;

namespace Kpod.Tests.TokenWeighting;

public sealed class MaskLearningCheckTests
{
    [Theory]
    [InlineData(0.019, "nearly every token is masked (mean weight 0.019, below 0.02). Try a smaller tokenWeights.maskRatioWeight (it is 0.5)")]
    [InlineData(0.981, "nearly every token is kept (mean weight 0.981, above 0.98). Try a larger tokenWeights.maskRatioWeight (it is 0.5), with a freeKeepRate so that it falls on the way, more maskLearningSteps")]
    public void A_mean_weight_at_either_end_is_a_collapse(double mean, string expected)
    {
        var error = Assert.Throws<MaskLearningException>(() => MaskLearner.CheckCollapse(Diagnosis(mean, kept: 1, none: 2), new TokenWeightingOptions()));
        Assert.StartsWith("Mask learning collapsed: after 300 steps " + expected, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("No weights were handed on.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_tokens_that_tell_no_more_than_none_are_a_collapse_and_others_are_not()
    {
        var error = Assert.Throws<MaskLearningException>(() => MaskLearner.CheckCollapse(Diagnosis(0.3, kept: 2.5, none: 2.5), new TokenWeightingOptions()));
        Assert.Contains("the kept tokens tell no more than none (after the whole rationale an answer costs 2.50 nat with them, 2.50 without)", error.Message, StringComparison.Ordinal);
        MaskLearner.CheckCollapse(Diagnosis(0.3, kept: 2.4, none: 2.5), new TokenWeightingOptions());
    }

    [Fact]
    public void A_predictor_that_does_not_read_is_named_as_the_cause()
    {
        var error = Assert.Throws<MaskLearningException>(() => MaskLearner.CheckReads(new PredictorPoint(120, HeldOutWithout: 2.4, HeldOutWith: 2.3, TrainingWithout: 2.4, TrainingLoss: 2.4)));
        Assert.StartsWith("The answer predictor has not learned to read rationales: after 120 steps an answer costs 2.30 nat with the whole rationale and 2.40 without.", error.Message, StringComparison.Ordinal);
        MaskLearner.CheckReads(new PredictorPoint(120, HeldOutWithout: 2.4, HeldOutWith: 1.0, TrainingWithout: 2.4, TrainingLoss: 2.4));
    }

    [Theory]
    [InlineData("7", TokenClass.Digit)]
    [InlineData(" 12", TokenClass.Digit)]
    [InlineData("+3", TokenClass.Digit)]
    [InlineData(" =", TokenClass.Operator)]
    [InlineData("×", TokenClass.Operator)]
    [InlineData("x", TokenClass.Other)]
    [InlineData(".", TokenClass.Other)]
    [InlineData("", TokenClass.Other)]
    internal void Tokens_are_told_apart_as_in_the_paper_s_heat_map(string piece, TokenClass expected) => Assert.Equal(expected, TokenClasses.Of(piece));

    private static MaskLearningDiagnosis Diagnosis(double mean, double kept, double none) => new()
    {
        Predictor = AnswerPredictorKind.Student,
        TrainingRationales = 10,
        ProbeRationales = 2,
        PredictorSteps = 5,
        PredictorStoppedEarly = false,
        PredictorCourse = [],
        Course = [],
        LevelSwing = 0,
        AnswerLoss = new AnswerLossByQuarter([0, 0, 0, 0], [none, none, none, none], [0, 0, 0, 0], [9, 9, 9, kept]),
        MeanWeights = new MeanTokenWeights(mean, mean, mean, mean),
        KeptShare = 0.5,
        FrequentTokens = [],
    };
}

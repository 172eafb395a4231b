using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Options;

namespace Kpod.Tests.TokenWeighting;

public sealed class MaskLearningCheckTests
{
    [Theory]
    [InlineData(0.019, WeightFault.KeepsNone, "nearly every token is masked (mean weight 0.019, below 0.02); tried, 400 steps each: a price of 0.8 (mean weight 0.50), 0.5 (mean weight 0.02). Try a smaller tokenWeights.savingMultiple or more priceMoves")]
    [InlineData(0.951, WeightFault.KeepsAll, "nearly every token is kept (mean weight 0.951, above 0.95); tried, 400 steps each: a price of 0.8 (mean weight 0.50), 0.5 (mean weight 0.95). Try a larger tokenWeights.savingMultiple or more priceMoves")]
    public void A_mean_weight_at_either_end_is_of_no_use(double mean, WeightFault fault, string expected)
    {
        var diagnosis = Diagnosis(mean, kept: 1, none: 2);
        Assert.Equal(fault, WeightUsefulness.FaultOf(diagnosis));
        var message = WeightUsefulness.Failure(fault, diagnosis, new TokenWeightingOptions()).Message;
        Assert.StartsWith("Mask learning gave no weights of use: " + expected, message, StringComparison.Ordinal);
        Assert.EndsWith("No weights were handed on.", message, StringComparison.Ordinal);
        Assert.Equal(diagnosis, WeightUsefulness.Failure(fault, diagnosis, new TokenWeightingOptions()).Diagnosis);
    }

    [Fact]
    public void Just_inside_the_ends_weights_are_of_use()
    {
        Assert.Null(WeightUsefulness.FaultOf(Diagnosis(0.021, kept: 1, none: 2)));
        Assert.Null(WeightUsefulness.FaultOf(Diagnosis(0.949, kept: 1, none: 2)));
    }

    [Fact]
    public void Kept_tokens_that_tell_no_more_than_none_or_than_chance_are_of_no_use()
    {
        var nothing = Diagnosis(0.3, kept: 2.5, none: 2.5);
        Assert.Equal(WeightFault.TellsNothing, WeightUsefulness.FaultOf(nothing));
        Assert.Equal("the kept tokens tell no more than none (after the whole rationale an answer costs 2.50 nat with them, 2.50 without)", WeightUsefulness.Say(WeightFault.TellsNothing, nothing));
        var chance = Diagnosis(0.3, kept: 2, none: 2.5, byChance: 2);
        Assert.Equal(WeightFault.NoBetterThanChance, WeightUsefulness.FaultOf(chance));
        Assert.Equal("the kept tokens tell no more than as many chosen by chance (after the whole rationale an answer costs 2.00 nat with them, 2.00 with those)", WeightUsefulness.Say(WeightFault.NoBetterThanChance, chance));
        Assert.Null(WeightUsefulness.FaultOf(Diagnosis(0.3, kept: 1.9, none: 2.5, byChance: 2)));
    }

    [Fact]
    public void Weights_that_hardly_differ_are_of_no_use()
    {
        var flat = Diagnosis(0.4, kept: 1, none: 2) with { Spread = 0.049 };
        Assert.Equal(WeightFault.NoSpread, WeightUsefulness.FaultOf(flat));
        Assert.Equal("the weights hardly differ between tokens (standard deviation 0.049, below 0.05)", WeightUsefulness.Say(WeightFault.NoSpread, flat));
        Assert.Contains("Try a smaller tokenWeights.maskRatioWeight, or leave it out", WeightUsefulness.Failure(WeightFault.NoSpread, flat, new TokenWeightingOptions { MaskRatioWeight = 1 }).Message, StringComparison.Ordinal);
        Assert.Null(WeightUsefulness.FaultOf(flat with { Spread = 0.051 }));
    }

    [Fact]
    public void Spread_and_chance_are_measured_on_tokens()
    {
        EncodedRationale[] rationales = [PlantedRationales.Make("a", "Q wa", "wb 3 wc", "3"), PlantedRationales.Make("b", "Q wa", "2", "2")];
        var summary = TokenWeightSummary.Of(rationales, [[0.2f, 0.8f, 0.2f], [0.8f]]);
        Assert.Equal(0.3, summary.Spread, 1e-6);
        Assert.Equal(0.5, summary.KeptShare);
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

    private static MaskLearningDiagnosis Diagnosis(double mean, double kept, double none, double? byChance = null) => new()
    {
        Predictor = AnswerPredictorKind.Student,
        TrainingRationales = 10,
        ProbeRationales = 2,
        PredictorSteps = 5,
        PredictorStoppedEarly = false,
        PredictorCourse = [],
        Course = [],
        LevelSwing = 0,
        AnswerLoss = new AnswerLossByQuarter([0, 0, 0, 0], [none, none, none, none], [0, 0, 0, 0], [9, 9, 9, kept]) { KeptByChance = byChance is { } chance ? [9, 9, 9, chance] : null },
        MeanWeights = new MeanTokenWeights(mean, mean, mean, mean),
        KeptShare = 0.5,
        Attempts = [new PriceAttempt(0.8, 0.5, WeightFault.NoSpread), new PriceAttempt(0.5, mean, null)],
        FrequentTokens = [],
    };
}

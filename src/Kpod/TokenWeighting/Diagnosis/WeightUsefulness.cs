using Kpod.TokenWeighting.Options;
using static System.FormattableString;

namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>Tells whether learned weights are of use and, in one sentence, why not.</summary>
internal static class WeightUsefulness
{
    private const double FewestKept = 0.02;
    private const double MostKept = 0.95;
    private const double LeastSpread = 0.05;

    /// <summary>Looks for a fault.</summary>
    /// <param name="diagnosis">What was measured.</param>
    /// <returns>The first that holds; null for weights of use.</returns>
    public static WeightFault? FaultOf(MaskLearningDiagnosis diagnosis)
    {
        var loss = diagnosis.AnswerLoss;
        return diagnosis switch
        {
            { MeanWeights.All: < FewestKept } => WeightFault.KeepsNone,
            { MeanWeights.All: > MostKept } => WeightFault.KeepsAll,
            { Spread: < LeastSpread } => WeightFault.NoSpread,
            _ when loss.Kept[^1] >= loss.None[^1] => WeightFault.TellsNothing,
            _ when loss.KeptByChance is { } byChance && loss.Kept[^1] >= byChance[^1] => WeightFault.NoBetterThanChance,
            _ => null,
        };
    }

    /// <summary>Says a fault, with the figures that show it.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="diagnosis">What was measured.</param>
    /// <returns>A clause without a capital letter and full stop.</returns>
    public static string Say(WeightFault fault, MaskLearningDiagnosis diagnosis)
    {
        var (mean, loss) = (diagnosis.MeanWeights.All, diagnosis.AnswerLoss);
        return fault switch
        {
            WeightFault.KeepsNone => Invariant($"nearly every token is masked (mean weight {mean:0.000}, below {FewestKept})"),
            WeightFault.KeepsAll => Invariant($"nearly every token is kept (mean weight {mean:0.000}, above {MostKept})"),
            WeightFault.NoSpread => Invariant($"the weights hardly differ between tokens (standard deviation {diagnosis.Spread:0.000}, below {LeastSpread})"),
            WeightFault.TellsNothing => Invariant($"the kept tokens tell no more than none (after the whole rationale an answer costs {loss.Kept[^1]:0.00} nat with them, {loss.None[^1]:0.00} without)"),
            _ => Invariant($"the kept tokens tell no more than as many chosen by chance (after the whole rationale an answer costs {loss.Kept[^1]:0.00} nat with them, {loss.KeptByChance![^1]:0.00} with those)"),
        };
    }

    /// <summary>The failure of a learning that found no weights of use: what is wrong, what was tried, what may help.</summary>
    /// <param name="fault">What is wrong at the last price.</param>
    /// <param name="diagnosis">What was measured at it.</param>
    /// <param name="options">What it was learned with.</param>
    /// <returns>The exception.</returns>
    public static MaskLearningException Failure(WeightFault fault, MaskLearningDiagnosis diagnosis, TokenWeightingOptions options)
    {
        var prices = string.Join(", ", diagnosis.Attempts.Select(attempt => Invariant($"{attempt.Price:0.###} (mean weight {attempt.MeanWeight:0.00})")));
        var isTooCheap = fault == WeightFault.KeepsAll || (fault is WeightFault.NoSpread or WeightFault.NoBetterThanChance && diagnosis.MeanWeights.All > 0.5);
        var key = options.MaskRatioWeight is null ? "tokenWeights.savingMultiple or more priceMoves"
            : isTooCheap ? "tokenWeights.maskRatioWeight with a freeKeepRate so that it falls on the way, or leave it out so that the price follows what a rationale saves"
            : "tokenWeights.maskRatioWeight, or leave it out so that the price follows what a rationale saves";
        return new MaskLearningException(
            Invariant($"Mask learning gave no weights of use: {Say(fault, diagnosis)}; tried, {options.MaskLearningSteps} steps each: a price of {prices}. ") +
            $"Try a {(isTooCheap ? "larger" : "smaller")} {key}, more maskLearningSteps or another seed, " +
            "and the default mask sampling and budget noise if you changed them; or set tokenWeights.source to uniform. No weights were handed on.",
            diagnosis);
    }
}

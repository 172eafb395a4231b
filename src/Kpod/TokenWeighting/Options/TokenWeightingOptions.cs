using Kpod.Recipes;

namespace Kpod.TokenWeighting.Options;

/// <summary>
/// How the rationale tokens get their weights (Eq. 2 to 7); the recipe's section <c>tokenWeights</c>. The paper gives the equations and alpha and leaves the
/// training open; the defaults are a recipe that was measured not to collapse (docs/log.md).
/// </summary>
public sealed record TokenWeightingOptions
{
    // What worked on SVAMP with SmolLM2, whose width is 576, and on the quickstart's bases, of 128 (docs/log.md).
    private const double UsualFreeRate = 0.25;
    private const double HeadRateTimesWidth = 8e-5 * 576;

    /// <summary>Where the weights come from.</summary>
    public TokenWeightSource Source { get; init; } = TokenWeightSource.Learned;

    /// <summary>The weights for <see cref="TokenWeightSource.File"/>, in the form of <c>03-token-weights.jsonl</c>.</summary>
    [RecipePath]
    public string? File { get; init; }

    /// <summary>What predicts the answer. The paper: layers initialised from FlanT5-Large.</summary>
    public AnswerPredictorKind Predictor { get; init; } = AnswerPredictorKind.Automatic;

    /// <summary>Checkpoint of the encoder-decoder that predicts the answer; null where the student does.</summary>
    [RecipePath]
    public string? PredictorCheckpoint { get; init; }

    /// <summary>
    /// alpha of Eq. 7, in nat: a token is kept only if that lowers the answer's loss by more than this, summed over all later prefixes. The paper: 0.5. Higher
    /// keeps fewer tokens. Null where the price follows from what a rationale saves (<see cref="SavingMultiple"/>); given, it is never moved.
    /// </summary>
    public double? MaskRatioWeight { get; init; }

    /// <summary>
    /// alpha as a multiple of what a rationale saves: the answer's loss with none of it less that with all of it, averaged over its quarters, measured when the predictor is
    /// trained. It holds where <see cref="MaskRatioWeight"/> is null. The paper does not have it.
    /// </summary>
    public double SavingMultiple { get; init; } = 1.3;

    /// <summary>
    /// How often such a price is moved, and the weights are learned anew from the same predictor, where they end at "keep all" or "keep none" (docs/log.md); 0 for never.
    /// </summary>
    public int PriceMoves { get; init; } = 3;

    /// <summary>
    /// Keep rate rho that is free: an update whose rationales have the mean weight w pays alpha · max(w - rho, 0) / (1 - rho) instead of alpha, which leads down from
    /// "keep all" at a high price and lowers it on the way, so that tokens of middling worth, "=" among them, do not sink with the rest (docs/log.md). In [0, 1).
    /// Null for 0.25 where the price follows from the saving, and for alpha throughout, as in the paper, where <see cref="MaskRatioWeight"/> is given.
    /// </summary>
    public double? FreeKeepRate { get; init; }

    /// <summary>Whether predictor and weight generator are trained one after the other or, as Eq. 7 is printed, together.</summary>
    public MaskTraining Training { get; init; } = MaskTraining.PredictorFirst;

    /// <summary>Most passes over the rationales with random masks and no price, before the predictor is frozen. The paper does not say.</summary>
    public double PredictorEpochs { get; init; } = 2;

    /// <summary>Most optimizer steps of the same; whichever ends first. It also ends when the predictor begins to know the training answers by heart.</summary>
    public int PredictorSteps { get; init; } = 500;

    /// <summary>Optimizer steps in which the weights are learned. The paper does not say.</summary>
    public int MaskLearningSteps { get; init; } = 400;

    /// <summary>Rationales an optimizer step. The paper: 4.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Which prefixes an update looks at. The paper: all; <see cref="PrefixSet.Stratified"/> has the same mean at a fraction of the work.</summary>
    public PrefixSet Prefixes { get; init; } = PrefixSet.Stratified;

    /// <summary>Prefixes of each rationale an update, for <see cref="PrefixSet.Stratified"/>. More cost time and calm the gradient.</summary>
    public int PrefixesPerRationale { get; init; } = 4;

    /// <summary>Temperature tau of the concrete samples. Lower is nearer to 0 and 1. The paper does not say.</summary>
    public double Temperature { get; init; } = 0.7;

    /// <summary>Soft or hard samples. The paper's m is 0 or 1, which collapses; see <see cref="MaskSampling"/>.</summary>
    public MaskSampling MaskSample { get; init; } = MaskSampling.Soft;

    /// <summary>
    /// Least offset that is added to all logits of a rationale while its mask is sampled, in nat. With <see cref="BudgetNoiseHigh"/> it lets every rationale be
    /// seen at all keep rates, without which the objective has only the two ends "keep all" and "keep none". It fades over <see cref="SettlingShare"/>. The paper
    /// does not have it (methods.md (g)7, docs/log.md).
    /// </summary>
    public double BudgetNoiseLow { get; init; } = -4;

    /// <summary>Greatest such offset, in nat; 0 with <see cref="BudgetNoiseLow"/> 0 for none.</summary>
    public double BudgetNoiseHigh { get; init; } = 4;

    /// <summary>Size from which on a logit s costs, so that no weight drifts out of reach. The paper does not have it.</summary>
    public double LogitBound { get; init; } = 4;

    /// <summary>Cost of a logit beyond the bound: this times the mean of max(|s| - bound, 0)². Not a saturating bound: its flat part is a trap.</summary>
    public double LogitBoundPenalty { get; init; } = 0.05;

    /// <summary>Adam's learning rate for the predictor's adapter. The paper does not say.</summary>
    public double PredictorLearningRate { get; init; } = 5e-4;

    /// <summary>
    /// Adam's learning rate for what is new: attention layer, MLP, placeholder, projection. Too high a rate makes the common level of the weights swing from
    /// one end to the other: at 2e-4 and a width of 576 it fell from 0.88 to 0.17 in 20 steps, before tokens were told apart (docs/log.md). Null for 8e-5 at that width
    /// and the more the narrower the predictor is: Adam moves every number alike, so a logit moves by rate times width.
    /// </summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>Share of the mask learning, at its end, over which the head's learning rate and the budget noise fall linearly to 0; 0 for constant ones.</summary>
    public double SettlingShare { get; init; } = 0.5;

    /// <summary>Whether the head's parameters are averaged over the last third of the steps.</summary>
    public bool AverageParameters { get; init; } = true;

    /// <summary>Rank of the predictor's LoRA adapter. The paper trains the whole predictor (<see cref="WholePredictor"/>).</summary>
    [AtMost(8192)]
    public int LoraRank { get; init; } = 16;

    /// <summary>
    /// Whether every weight of the encoder-decoder that <see cref="PredictorCheckpoint"/> names is trained, as in the paper, instead of an adapter; it is loaded in float32.
    /// </summary>
    public bool WholePredictor { get; init; }

    /// <summary>What the mask hides.</summary>
    public MaskSite MaskSite { get; init; } = MaskSite.TokenEmbedding;

    /// <summary>What stands in a masked token's place.</summary>
    public MaskMode MaskMode { get; init; } = MaskMode.Placeholder;

    /// <summary>Eq. 6 from the weights or from the sampled mask.</summary>
    public MaskRatioEstimate MaskLoss { get; init; } = MaskRatioEstimate.Expected;

    /// <summary>Share of the questions whose rationales are not learned from but show how the module does.</summary>
    public double HeldOutShare { get; init; } = 0.1;

    /// <summary>Most rationales that are learned from, drawn by the seed; null for all. Every rationale gets weights all the same.</summary>
    [AtMost(int.MaxValue)]
    public int? MaximumRationales { get; init; }

    /// <summary>The keep rate that is free where <see cref="FreeKeepRate"/> is left to the price; null for none.</summary>
    internal double? FreeRate => FreeKeepRate ?? (MaskRatioWeight is null ? UsualFreeRate : null);

    /// <summary>The head's learning rate for a predictor of some width.</summary>
    /// <param name="width">Width of its embeddings.</param>
    /// <returns><see cref="HeadLearningRate"/> where it is given.</returns>
    internal double HeadRate(long width) => HeadLearningRate ?? (HeadRateTimesWidth / width);

    /// <summary>The options with everything put back that shapes the weights but not the predictor they are learned with; for the predictor's hash.</summary>
    internal TokenWeightingOptions ShapingPredictor => this with
    {
        File = null,
        PredictorCheckpoint = null,
        MaskRatioWeight = null,
        SavingMultiple = 1,
        PriceMoves = 0,
        FreeKeepRate = null,
        MaskLearningSteps = 1,
        Temperature = 1,
        MaskSample = MaskSampling.Soft,
        BudgetNoiseLow = 0,
        BudgetNoiseHigh = 0,
        LogitBound = 1,
        LogitBoundPenalty = 0,
        AverageParameters = true,
        MaskLoss = MaskRatioEstimate.Expected,
    };

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check() => [.. CheckSource(), .. CheckPaperForm(), .. CheckCounts(), .. CheckRates(), .. CheckMask()];

    private IEnumerable<string> CheckSource()
    {
        if (Source == TokenWeightSource.File && File is null)
        {
            yield return "tokenWeights.source is file, but tokenWeights.file names none; give the path of a token weights file.";
        }

        if (Source != TokenWeightSource.File && File is not null)
        {
            yield return $"tokenWeights.file is {File}, but tokenWeights.source is {Source.ToString().ToLowerInvariant()}; " +
                "set the source to file, or leave the file out.";
        }

        if (Predictor == AnswerPredictorKind.Student && PredictorCheckpoint is not null)
        {
            yield return $"tokenWeights.predictorCheckpoint is {PredictorCheckpoint}, but tokenWeights.predictor is student; " +
                "set it to encoderDecoder, or leave the checkpoint out.";
        }
    }

    private IEnumerable<string> CheckPaperForm()
    {
        if (WholePredictor && PredictorCheckpoint is null)
        {
            yield return "tokenWeights.wholePredictor is true, but tokenWeights.predictorCheckpoint names no encoder-decoder; name one, or leave wholePredictor out.";
        }

        if (Training == MaskTraining.Joint && MaskRatioWeight is null)
        {
            yield return "tokenWeights.training is joint, so no predictor is there beforehand to measure a price with; give tokenWeights.maskRatioWeight (the paper: 0.5).";
        }
    }

    private IEnumerable<string> CheckCounts()
    {
        if (PriceMoves < 0)
        {
            yield return $"tokenWeights.priceMoves is {PriceMoves}; it must be 0 or more.";
        }

        foreach (var (key, value) in new[]
        {
            ("predictorSteps", PredictorSteps), ("maskLearningSteps", MaskLearningSteps), ("batchSize", BatchSize),
            ("prefixesPerRationale", PrefixesPerRationale), ("loraRank", LoraRank), ("maximumRationales", MaximumRationales ?? 1),
        })
        {
            if (value < 1)
            {
                yield return $"tokenWeights.{key} is {value}; it must be 1 or more.";
            }
        }
    }

    private IEnumerable<string> CheckRates()
    {
        foreach (var (key, value) in new[]
        {
            ("predictorEpochs", PredictorEpochs), ("temperature", Temperature), ("predictorLearningRate", PredictorLearningRate),
            ("headLearningRate", HeadLearningRate ?? 1), ("logitBound", LogitBound), ("savingMultiple", SavingMultiple),
        })
        {
            if (!(value > 0) || !double.IsFinite(value))
            {
                yield return $"tokenWeights.{key} is {value}; it must be above 0.";
            }
        }

        foreach (var (key, value) in new[] { ("maskRatioWeight", MaskRatioWeight ?? 0), ("logitBoundPenalty", LogitBoundPenalty) })
        {
            if (!(value >= 0) || !double.IsFinite(value))
            {
                yield return $"tokenWeights.{key} is {value}; it must be 0 or more.";
            }
        }

        if (!(SettlingShare is >= 0 and <= 1))
        {
            yield return $"tokenWeights.settlingShare is {SettlingShare}; it must lie in [0, 1].";
        }

        if (FreeKeepRate is not (null or (>= 0 and < 1)))
        {
            yield return $"tokenWeights.freeKeepRate is {FreeKeepRate}; it must lie in [0, 1).";
        }

        if (!(HeldOutShare is >= 0 and <= 0.5))
        {
            yield return $"tokenWeights.heldOutShare is {HeldOutShare}; it must lie in [0, 0.5].";
        }
    }

    private IEnumerable<string> CheckMask()
    {
        if (!double.IsFinite(BudgetNoiseLow) || !double.IsFinite(BudgetNoiseHigh) || BudgetNoiseLow > BudgetNoiseHigh)
        {
            yield return $"tokenWeights.budgetNoiseLow is {BudgetNoiseLow} and budgetNoiseHigh {BudgetNoiseHigh}; the low end must not lie above the high one.";
        }

        if (MaskMode == MaskMode.Zero && MaskSample == MaskSampling.Soft)
        {
            yield return "tokenWeights.maskMode is zero, which hides nothing behind a soft mask (a norm undoes the factor); " +
                "set maskSample to hardStraightThrough, or maskMode to placeholder.";
        }
    }
}

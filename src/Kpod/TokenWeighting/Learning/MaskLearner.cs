using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Weights;
using static System.FormattableString;

namespace Kpod.TokenWeighting.Learning;

/// <summary>Learns the token weights: the answer predictor without a price, then the weight generator with it; then looks whether the result is of use.</summary>
internal sealed class MaskLearner
{
    private const double CollapsedLow = 0.02;
    private const double CollapsedHigh = 0.98;
    private const double SmallestUsefulGain = 0.1;
    private const int WeighingBatch = 16;

    private readonly TokenWeightingModule _module;
    private readonly TokenWeightingOptions _options;
    private readonly long _seed;

    /// <summary>Prepares the learning.</summary>
    /// <param name="module">What learns.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">The stage's seed; the same seed and thread count give the same weights.</param>
    public MaskLearner(TokenWeightingModule module, TokenWeightingOptions options, long seed)
    {
        _module = module;
        _options = options;
        _seed = seed;
    }

    /// <summary>Is told each look at the weights as it happens.</summary>
    public Action<MaskLearningPoint>? OnLook { get; init; }

    /// <summary>Where the state is kept; null where a stop loses the work.</summary>
    public MaskLearningFiles? Files { get; init; }

    /// <summary>Learns from rationales and weighs them.</summary>
    /// <param name="rationales">The rationales; those without a token are passed over.</param>
    /// <param name="stepEnds">Gives one past the last token of each step of a rationale; for <see cref="PrefixSet.StepEnds"/>.</param>
    /// <param name="progress">Is told the optimizer steps.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <returns>The weights in the order of <paramref name="rationales"/>, and what was seen on the way.</returns>
    /// <exception cref="KpodException">There is nothing to learn from.</exception>
    /// <exception cref="MaskLearningException">The predictor does not read, or the weights collapsed.</exception>
    public WeighedRationales Learn(
        IReadOnlyList<EncodedRationale> rationales,
        Func<EncodedRationale, IReadOnlyList<int>>? stepEnds,
        IProgress<StageProgress>? progress,
        CancellationToken cancel)
    {
        EncodedRationale[] written = [.. rationales.Where(rationale => rationale.RationaleTokens.Length > 0)];
        var split = HeldOutSplit.Of(written, _options.HeldOutShare, _options.MaximumRationales, _seed);
        if (split.Training.Count == 0)
        {
            throw new KpodException("There is no rationale to learn token weights from. Give rationales, or set tokenWeights.source to uniform.");
        }

        var predictor = new PredictorTraining(_module, split, _options, _seed) { Files = Files };
        var total = predictor.Steps + _options.MaskLearningSteps;
        int predictorSteps;
        if (Files?.Read() is { PredictorSteps: { } taken } saved)
        {
            Files.Restore(_module.PredictorValues);
            predictor.Course.AddRange(saved.PredictorCourse);
            predictorSteps = taken;
        }
        else
        {
            predictorSteps = predictor.Run(stepEnds, (step, loss) => progress?.Report(new StageProgress(step, total, "steps", loss)), cancel);
            CheckReads(predictor.Course[^1]);
        }

        total = predictorSteps + _options.MaskLearningSteps;
        var generator = new GeneratorTraining(_module, split, _options, _seed) { Files = Files, Predictor = (predictorSteps, predictor.Course) };
        generator.Run(stepEnds, (step, loss) => progress?.Report(new StageProgress(predictorSteps + step, total, "steps", loss)), OnLook, cancel);

        var weights = Weigh(rationales, cancel);
        var summary = TokenWeightSummary.Of(rationales, weights);
        var probe = new MaskLearningProbe(_module, split.Probe);
        var diagnosis = new MaskLearningDiagnosis
        {
            Predictor = _module.Kind,
            TrainingRationales = split.Training.Count,
            ProbeRationales = split.Probe.Count,
            PredictorSteps = predictorSteps,
            PredictorStoppedEarly = predictorSteps < predictor.Steps,
            PredictorCourse = predictor.Course,
            Course = generator.Course,
            LevelSwing = generator.LevelSwing,
            AnswerLoss = new AnswerLossByQuarter(
                probe.AnswerLossByQuarter(MaskLearningProbe.Whole),
                probe.AnswerLossByQuarter(MaskLearningProbe.None),
                probe.AnswerLossByQuarter(MaskLearningProbe.DigitsOnly),
                probe.AnswerLossByQuarter(MaskLearningProbe.Kept)),
            MeanWeights = summary.Means,
            KeptShare = summary.KeptShare,
            FrequentTokens = summary.FrequentTokens,
        };
        CheckCollapse(diagnosis, _options);
        return new WeighedRationales([.. rationales.Zip(weights, RationaleTokenWeights.Of)], diagnosis);
    }

    private float[][] Weigh(IReadOnlyList<EncodedRationale> rationales, CancellationToken cancel)
    {
        var weights = new float[rationales.Count][];
        Array.Fill(weights, []);
        var order = Enumerable.Range(0, rationales.Count).Where(index => rationales[index].RationaleTokens.Length > 0)
            .OrderBy(index => rationales[index].RationaleTokens.Length);
        foreach (var batch in order.Chunk(WeighingBatch))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var (index, values) in batch.Zip(_module.Weights([.. batch.Select(index => rationales[index])])))
            {
                weights[index] = values;
            }
        }

        return weights;
    }

    /// <summary>
    /// Sees to it that the predictor reads: without that the price would mask everything, and the message about a collapse would name the wrong cause.
    /// </summary>
    /// <param name="last">The last look at the predictor.</param>
    /// <exception cref="MaskLearningException">The whole rationale hardly helps it.</exception>
    internal static void CheckReads(PredictorPoint last)
    {
        if (last.HeldOutWith > (1 - SmallestUsefulGain) * last.HeldOutWithout)
        {
            throw new MaskLearningException(
                Invariant($"The answer predictor has not learned to read rationales: after {last.Step} steps an answer costs {last.HeldOutWith:0.00} nat ") +
                Invariant($"with the whole rationale and {last.HeldOutWithout:0.00} without. Weights learned from it would mean nothing. ") +
                "Try more tokenWeights.predictorEpochs and predictorSteps, a higher predictorLearningRate, or more rationales; or set tokenWeights.source to uniform.");
        }
    }

    /// <summary>Sees to it that useless weights are not handed on.</summary>
    /// <param name="diagnosis">What was measured.</param>
    /// <param name="options">What it was learned with.</param>
    /// <exception cref="MaskLearningException">Nearly everything is masked or kept, or the kept tokens tell nothing.</exception>
    internal static void CheckCollapse(MaskLearningDiagnosis diagnosis, TokenWeightingOptions options)
    {
        var (mean, kept, none) = (diagnosis.MeanWeights.All, diagnosis.AnswerLoss.Kept[^1], diagnosis.AnswerLoss.None[^1]);
        var (found, price) = mean switch
        {
            < CollapsedLow => (Invariant($"nearly every token is masked (mean weight {mean:0.000}, below {CollapsedLow})"), "smaller"),
            > CollapsedHigh => (Invariant($"nearly every token is kept (mean weight {mean:0.000}, above {CollapsedHigh})"), "larger"),
            _ when kept >= none => (
                Invariant($"the kept tokens tell no more than none (after the whole rationale an answer costs {kept:0.00} nat with them, {none:0.00} without)"),
                "smaller"),
            _ => (null, string.Empty),
        };
        if (found is not null)
        {
            throw new MaskLearningException(
                Invariant($"Mask learning collapsed: after {options.MaskLearningSteps} steps {found}. ") +
                Invariant($"Try a {price} tokenWeights.maskRatioWeight (it is {options.MaskRatioWeight}){(price == "larger" ? ", with a freeKeepRate so that it falls on the way" : "")}, more maskLearningSteps or another seed, ") +
                "and the default mask sampling and budget noise if you changed them; or set tokenWeights.source to uniform. No weights were handed on.",
                diagnosis);
        }
    }
}

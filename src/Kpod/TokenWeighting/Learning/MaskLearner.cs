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
    private const double SmallestUsefulGain = 0.1;
    private const int WeighingBatch = 16;
    private const int ChanceDraws = 4;

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

    /// <summary>Is told what the price is and why.</summary>
    public Action<string>? OnPrice { get; init; }

    /// <summary>Where the state is kept; null where a stop loses the work.</summary>
    public MaskLearningFiles? Files { get; init; }

    /// <summary>Trains the answer predictor, or reads it back if it is kept.</summary>
    /// <param name="rationales">The rationales; those without a token are passed over.</param>
    /// <param name="stepEnds">Gives one past the last token of each step of a rationale; for <see cref="PrefixSet.StepEnds"/>.</param>
    /// <param name="progress">Is told the optimizer steps.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <returns>How it was trained; nothing where it is trained together with the weights.</returns>
    /// <exception cref="KpodException">There is nothing to learn from.</exception>
    /// <exception cref="MaskLearningException">It does not read.</exception>
    public TrainedPredictor TrainPredictor(
        IReadOnlyList<EncodedRationale> rationales, Func<EncodedRationale, IReadOnlyList<int>>? stepEnds, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        if (_options.Training == MaskTraining.Joint)
        {
            return new TrainedPredictor(0, StoppedEarly: false, []);
        }

        var training = new PredictorTraining(_module, Split(rationales), _options, _seed) { Files = Files };
        if (Files?.ReadPredictor() is { } kept)
        {
            Files.RestorePredictor(_module.PredictorValues);
            return new TrainedPredictor(kept.Step, kept.Step < training.Steps, kept.PredictorCourse);
        }

        var steps = training.Run(stepEnds, (step, loss) => progress?.Report(new StageProgress(step, training.Steps, "steps", loss)), cancel);
        CheckReads(training.Course[^1]);
        Files?.SavePredictor(new MaskLearningProgress { Step = steps, LossSum = 0, LastLook = steps, PredictorCourse = training.Course }, _module.PredictorValues);
        return new TrainedPredictor(steps, steps < training.Steps, training.Course);
    }

    /// <summary>Learns from rationales and weighs them.</summary>
    /// <param name="rationales">The rationales; those without a token are passed over.</param>
    /// <param name="stepEnds">Gives one past the last token of each step of a rationale; for <see cref="PrefixSet.StepEnds"/>.</param>
    /// <param name="progress">Is told the optimizer steps.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <returns>The weights in the order of <paramref name="rationales"/>, and what was seen on the way.</returns>
    /// <exception cref="KpodException">There is nothing to learn from.</exception>
    /// <exception cref="MaskLearningException">The predictor does not read, or the weights are of no use at any price that was tried.</exception>
    public WeighedRationales Learn(
        IReadOnlyList<EncodedRationale> rationales,
        Func<EncodedRationale, IReadOnlyList<int>>? stepEnds,
        IProgress<StageProgress>? progress,
        CancellationToken cancel)
    {
        var split = Split(rationales);
        var predictor = TrainPredictor(rationales, stepEnds, progress, cancel);
        var saving = _options.Training == MaskTraining.Joint ? null : new MaskLearningProbe(_module, split.Probe).Saving();
        List<PriceAttempt> attempts = [.. Files?.Read()?.Attempts ?? []];
        var next = attempts.Count == 0 ? (double?)MaskPrice.First(_options, saving) : MaskPrice.Next(_options, attempts);
        OnPrice?.Invoke(Invariant($"price {next:0.000} nat{(saving is null ? "" : $"; {saving}")}"));
        while (next is { } price)
        {
            _module.RestartGenerator();
            var generator = new GeneratorTraining(_module, split, _options, _seed) { Price = price, Attempts = [.. attempts], Files = Files };
            generator.Run(stepEnds, (step, loss) => progress?.Report(new StageProgress(step, generator.Steps, "steps", loss)), OnLook, cancel);
            var weights = Weigh(rationales, cancel);
            var diagnosis = Diagnose(rationales, weights, split, predictor, generator) with { Saving = saving };
            var fault = WeightUsefulness.FaultOf(diagnosis);
            attempts.Add(new PriceAttempt(price, diagnosis.MeanWeights.All, fault));
            diagnosis = diagnosis with { Attempts = [.. attempts] };
            if (fault is not { } found)
            {
                return new WeighedRationales([.. rationales.Zip(weights, RationaleTokenWeights.Of)], diagnosis);
            }

            next = MaskPrice.Next(_options, attempts) ?? throw WeightUsefulness.Failure(found, diagnosis, _options);
            OnPrice?.Invoke(Invariant($"price {price:0.000} nat: {WeightUsefulness.Say(found, diagnosis)}; the weights are learned again at {next:0.000} nat"));
        }

        throw new InvalidOperationException("A learning that failed at its last price was resumed.");
    }

    private HeldOutSplit Split(IReadOnlyList<EncodedRationale> rationales)
    {
        EncodedRationale[] written = [.. rationales.Where(rationale => rationale.RationaleTokens.Length > 0)];
        var split = HeldOutSplit.Of(written, _options.HeldOutShare, _options.MaximumRationales, _seed);
        return split.Training.Count > 0
            ? split
            : throw new KpodException("There is no rationale to learn token weights from. Give rationales, or set tokenWeights.source to uniform.");
    }

    private MaskLearningDiagnosis Diagnose(
        IReadOnlyList<EncodedRationale> rationales, float[][] weights, HeldOutSplit split, TrainedPredictor predictor, GeneratorTraining generator)
    {
        var summary = TokenWeightSummary.Of(rationales, weights);
        var probe = new MaskLearningProbe(_module, split.Probe);
        var random = Seeds.Generator(_seed, "tokens kept by chance");
        double[][] byChance = [.. Enumerable.Range(0, ChanceDraws).Select(_ => probe.AnswerLossByQuarter(MaskLearningProbe.KeptByChance(random)).ToArray())];
        return new MaskLearningDiagnosis
        {
            Predictor = _module.Kind,
            TrainingRationales = split.Training.Count,
            ProbeRationales = split.Probe.Count,
            PredictorSteps = predictor.Steps,
            PredictorStoppedEarly = predictor.StoppedEarly,
            PredictorCourse = predictor.Course,
            Course = generator.Course,
            LevelSwing = generator.LevelSwing,
            AnswerLoss = new AnswerLossByQuarter(
                probe.AnswerLossByQuarter(MaskLearningProbe.Whole),
                probe.AnswerLossByQuarter(MaskLearningProbe.None),
                probe.AnswerLossByQuarter(MaskLearningProbe.DigitsOnly),
                probe.AnswerLossByQuarter(MaskLearningProbe.Kept))
            {
                KeptByChance = [.. Enumerable.Range(0, byChance[0].Length).Select(quarter => byChance.Average(draw => draw[quarter]))],
            },
            MeanWeights = summary.Means,
            KeptShare = summary.KeptShare,
            Spread = summary.Spread,
            FrequentTokens = summary.FrequentTokens,
        };
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
}

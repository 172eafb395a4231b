using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;
using TorchSharp;

namespace Kpod.TokenWeighting.Learning;

/// <summary>
/// The first phase of mask learning: the answer predictor learns to read rationales with random holes while nothing has a price. An untrained predictor makes
/// the rationale worth less than its price, and everything is masked at once (methods.md (g)7).
/// </summary>
internal sealed class PredictorTraining
{
    private const int Looks = 5;
    private const int FewestHeldOut = 8;
    private const int MostLookedAt = 32;

    // How far "without the rationale" may fall on training questions below held-out ones, as a share of the latter, beyond where the two began.
    private const double KnownByHeart = 0.2;

    private readonly TokenWeightingModule _module;
    private readonly TokenWeightingOptions _options;
    private readonly long _seed;
    private readonly HeldOutSplit _split;
    private readonly MaskLearningProbe _training;
    private readonly MaskLearningProbe? _heldOut;

    /// <summary>Prepares the phase.</summary>
    /// <param name="module">Its predictor is trained.</param>
    /// <param name="split">What is learned from and what is held out.</param>
    /// <param name="options">Steps, rates and prefixes.</param>
    /// <param name="seed">The stage's seed.</param>
    public PredictorTraining(TokenWeightingModule module, HeldOutSplit split, TokenWeightingOptions options, long seed)
    {
        _module = module;
        _options = options;
        _seed = seed;
        _split = split;
        _training = new MaskLearningProbe(module, [.. split.Training.Take(MostLookedAt)]);
        _heldOut = split.HeldOut.Count < FewestHeldOut ? null : new MaskLearningProbe(module, [.. split.HeldOut.Take(MostLookedAt)]);
        Steps = (int)Math.Min(options.PredictorSteps, Math.Ceiling(options.PredictorEpochs * split.Training.Count / options.BatchSize));
    }

    /// <summary>Steps that the phase may take.</summary>
    public int Steps { get; }

    /// <summary>The looks at the predictor.</summary>
    public List<PredictorPoint> Course { get; } = [];

    /// <summary>Where the state is kept; null where a stop loses the work.</summary>
    public MaskLearningFiles? Files { get; init; }

    /// <summary>Trains the predictor.</summary>
    /// <param name="stepEnds">Per rationale, one past the last token of each step; for <see cref="PrefixSet.StepEnds"/>.</param>
    /// <param name="progress">Is told after each step: steps done and the loss.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <returns>Steps taken; fewer than <see cref="Steps"/> where it stopped early.</returns>
    public int Run(Func<EncodedRationale, IReadOnlyList<int>>? stepEnds, Action<int, double> progress, CancellationToken cancel)
    {
        using var transformer = new Adam(_module.TransformerParameters, new OptimizerOptions());
        using var input = new Adam(_module.InputParameters, new OptimizerOptions());
        var lookEvery = Math.Max(1, Steps / Looks);
        var (step, sum) = (0, 0.0);
        if (Files?.ReadTraining() is { } saved)
        {
            Files.Restore(transformer, saved.Step);
            Files.Restore(input, saved.Step);
            Course.AddRange(saved.PredictorCourse);
            (step, sum) = (saved.Step, saved.LossSum);
        }
        else
        {
            Look(0, trainingLoss: null);
        }

        foreach (var batch in BatchOrder.Endless(_split.Training, _options.BatchSize, _seed, "predictor order").Take(Steps).Skip(step))
        {
            if (step % MaskLearningFiles.SaveEverySteps == 0 || cancel.IsCancellationRequested)
            {
                Files?.SaveTraining(new MaskLearningProgress { Step = step, LossSum = sum, LastLook = Course[^1].Step, PredictorCourse = Course }, [.. transformer.State(), .. input.State()]);
            }

            cancel.ThrowIfCancellationRequested();
            var loss = Update(step, batch, stepEnds);
            var multiplier = SettlingRate.Multiplier(step, Steps, _options.SettlingShare);
            transformer.Step(_options.PredictorLearningRate * multiplier, gradientScale: 1);
            input.Step(_options.HeadRate(_module.Width) * multiplier, gradientScale: 1);
            progress(++step, loss);
            sum += loss;
            if (step % lookEvery == 0 || step == Steps)
            {
                Look(step, sum / (step - Course[^1].Step));
                sum = 0;
                if (KnowsAnswersByHeart())
                {
                    break;
                }
            }
        }

        return step;
    }

    private double Update(int step, EncodedRationale[] batch, Func<EncodedRationale, IReadOnlyList<int>>? stepEnds)
    {
        using var scope = torch.NewDisposeScope();
        var random = Seeds.Generator(_seed, "predictor masks", step);
        var prefixes = RationalePrefixes.DrawAll(_options, batch, stepEnds, random);
        var reading = _module.Read(batch, withLogits: false);
        var mask = MaskLearningRandomness.RandomMasks(batch, random, _module.Device);
        var losses = _module.AnswerLosses(batch, reading, mask, prefixes);
        var loss = MaskLearningLoss.Answer(losses, [.. prefixes.Select(lengths => lengths.Length)]);
        MaskLearningUpdate.Backward(loss, "the answer predictor", step, batch);
        return loss.cpu().item<float>();
    }

    private void Look(int step, double? trainingLoss)
    {
        var heldOut = _heldOut ?? _training;
        Course.Add(new PredictorPoint(
            step,
            heldOut.AnswerLossAtEnd(MaskLearningProbe.None),
            heldOut.AnswerLossAtEnd(MaskLearningProbe.Whole),
            _training.AnswerLossAtEnd(MaskLearningProbe.None),
            trainingLoss));
    }

    // The two sets may differ from the start by chance; of a gap that was there, only the growth counts.
    private bool KnowsAnswersByHeart()
    {
        var (first, last) = (Course[0], Course[^1]);
        var gap = last.HeldOutWithout - last.TrainingWithout;
        var gapAtStart = first.HeldOutWithout - first.TrainingWithout;
        return _heldOut is not null && gap - Math.Max(0, gapAtStart) > KnownByHeart * last.HeldOutWithout;
    }
}

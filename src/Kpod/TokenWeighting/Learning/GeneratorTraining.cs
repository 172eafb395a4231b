using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;
using TorchSharp;

namespace Kpod.TokenWeighting.Learning;

/// <summary>
/// The second phase of mask learning: the predictor is frozen, unless both are trained together, and the weight generator learns which tokens are worth their price (Eq. 7). The price stands in
/// full from the first step; masks are sampled with a shared random offset, so that each rationale is seen at every budget (methods.md (g)7), until the offset has
/// faded and it is Eq. 7 itself that is minimised.
/// </summary>
internal sealed class GeneratorTraining
{
    private const int Looks = 15;

    // The last third of the steps: what is averaged, and where the swing is measured.
    private const double SettledFrom = 2.0 / 3;

    private static readonly double[] QuantileLevels = [0.05, 0.25, 0.5, 0.75, 0.95];

    private readonly TokenWeightingModule _module;
    private readonly HeldOutSplit _split;
    private readonly TokenWeightingOptions _options;
    private readonly long _seed;
    private readonly MaskLearningProbe _probe;

    /// <summary>Prepares the phase.</summary>
    /// <param name="module">Its weight generator is trained.</param>
    /// <param name="split">What is learned from and what is looked at.</param>
    /// <param name="options">Price, steps, rates, sampling.</param>
    /// <param name="seed">The stage's seed.</param>
    public GeneratorTraining(TokenWeightingModule module, HeldOutSplit split, TokenWeightingOptions options, long seed)
    {
        _module = module;
        _split = split;
        _options = options;
        _seed = seed;
        _probe = new MaskLearningProbe(module, split.Probe);
    }

    /// <summary>Steps that the phase takes.</summary>
    public int Steps => _options.MaskLearningSteps;

    /// <summary>The looks at the weights.</summary>
    public List<MaskLearningPoint> Course { get; } = [];

    /// <summary>Where the state is kept; null where a stop loses the work.</summary>
    public MaskLearningFiles? Files { get; init; }

    /// <summary>alpha of Eq. 7, in nat.</summary>
    public required double Price { get; init; }

    /// <summary>The prices that were tried before, for the state.</summary>
    public IReadOnlyList<PriceAttempt> Attempts { get; init; } = [];

    private bool IsJoint => _options.Training == MaskTraining.Joint;

    /// <summary>Greatest minus least mean weight in the last third.</summary>
    public double LevelSwing
    {
        get
        {
            double[] levels = [.. Course.Where(point => point.Step >= SettledFrom * Steps).Select(point => point.MeanWeight)];
            return levels.Max() - levels.Min();
        }
    }

    /// <summary>Trains the weight generator.</summary>
    /// <param name="stepEnds">Per rationale, one past the last token of each step; for <see cref="PrefixSet.StepEnds"/>.</param>
    /// <param name="progress">Is told after each step: steps done and the answer's loss.</param>
    /// <param name="onLook">Is told each look as it happens.</param>
    /// <param name="cancel">Stops between steps.</param>
    public void Run(
        Func<EncodedRationale, IReadOnlyList<int>>? stepEnds, Action<int, double> progress, Action<MaskLearningPoint>? onLook, CancellationToken cancel)
    {
        if (!IsJoint)
        {
            Freeze(_module.TransformerParameters);
            Freeze(_module.InputParameters);
        }

        Forget(_module.GeneratorParameters);
        using var adam = new Adam(IsJoint ? [.. _module.GeneratorParameters, .. _module.InputParameters] : _module.GeneratorParameters, new OptimizerOptions());
        using var transformer = IsJoint ? new Adam(_module.TransformerParameters, new OptimizerOptions()) : null;
        using var average = new ParameterAverage(_module.GeneratorParameters);
        var lookEvery = Math.Max(1, Steps / Looks);
        var (step, sum, lastLook) = Restore(adam, transformer, average);
        foreach (var batch in BatchOrder.Endless(_split.Training, _options.BatchSize, _seed, "mask learning order").Take(Steps).Skip(step))
        {
            if (step % MaskLearningFiles.SaveEverySteps == 0 || cancel.IsCancellationRequested)
            {
                Save(step, sum, lastLook, [.. adam.State(), .. transformer?.State() ?? [], .. average.Means], average.Count);
            }

            cancel.ThrowIfCancellationRequested();
            var answerLoss = Update(step, batch, stepEnds);
            var multiplier = SettlingRate.Multiplier(step, Steps, _options.SettlingShare);
            adam.Step(_options.HeadRate(_module.Width) * multiplier, gradientScale: 1);
            transformer?.Step(_options.PredictorLearningRate * multiplier, gradientScale: 1);
            progress(++step, answerLoss);
            sum += answerLoss;
            if (_options.AverageParameters && step >= SettledFrom * Steps)
            {
                average.Add();
            }

            if (step % lookEvery == 0 || step == Steps)
            {
                Course.Add(Look(step, sum / (step - lastLook), average));
                onLook?.Invoke(Course[^1]);
                (sum, lastLook) = (0, step);
            }
        }

        if (!average.IsEmpty)
        {
            average.Swap();
        }
    }

    // A state that was saved at an earlier price is another learning's.
    private (int Step, double LossSum, int LastLook) Restore(Adam adam, Adam? transformer, ParameterAverage average)
    {
        if (Files?.Read() is not { } saved || saved.Attempts.Count != Attempts.Count)
        {
            return (0, 0, 0);
        }

        Files.Restore(adam, saved.Step);
        if (transformer is not null)
        {
            Files.Restore(transformer, saved.Step);
        }

        Files.Restore(average.Means);
        average.Count = saved.Averaged;
        Course.AddRange(saved.Course);
        return (saved.Step, saved.LossSum, saved.LastLook);
    }

    private void Save(int step, double sum, int lastLook, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors, int averaged) => Files?.Save(
        new MaskLearningProgress { Step = step, LossSum = sum, LastLook = lastLook, Course = Course, Attempts = Attempts, Averaged = averaged }, tensors);

    private double Update(int step, EncodedRationale[] batch, Func<EncodedRationale, IReadOnlyList<int>>? stepEnds)
    {
        using var scope = torch.NewDisposeScope();
        var (random, device) = (Seeds.Generator(_seed, "mask learning", step), _module.Device);
        var prefixes = RationalePrefixes.DrawAll(_options, batch, stepEnds, random);
        var uniform = MaskLearningRandomness.Uniform(batch, random, device);

        var noise = SettlingRate.Multiplier(step, Steps, _options.SettlingShare);
        var offsets = MaskLearningRandomness.BudgetNoise(batch.Length, noise * _options.BudgetNoiseLow, noise * _options.BudgetNoiseHigh, random, device);

        var reading = _module.Read(batch, withLogits: true);
        var logits = reading.Logits!;
        var shifted = logits + offsets;
        var mask = RationaleMask.Sample(shifted, uniform, _options.Temperature, _options.MaskSample);
        var losses = _module.AnswerLosses(batch, reading, mask, prefixes);

        // Eq. 7 in its mean form. Answer and price look at the same shifted weights: a price at sigmoid(s) alone would fade where nearly all is kept while the
        // answer's gradient would not, and "keep all" would be a trap.
        var answer = MaskLearningLoss.Answer(losses, [.. prefixes.Select(lengths => lengths.Length)]);
        var kept = MaskLearningLoss.TokenMean(_options.MaskLoss == MaskRatioEstimate.Expected ? shifted.sigmoid() : mask, reading.TokenMask);
        var price = MaskLearningLoss.Price(logits, reading.TokenMask, Price, _options.FreeRate);
        var bound = MaskLearningLoss.LogitBound(logits, reading.TokenMask, _options.LogitBound, _options.LogitBoundPenalty);
        MaskLearningUpdate.Backward(answer + (price * kept) + bound, "mask learning", step, batch);
        return answer.cpu().item<float>();
    }

    private MaskLearningPoint Look(int step, double answerLoss, ParameterAverage average)
    {
        var weights = _probe.SortedWeights();
        double? averaged = null;
        if (!average.IsEmpty)
        {
            average.Swap();
            averaged = _probe.SortedWeights().Average();
            average.Swap();
        }

        double[] quantiles = [.. QuantileLevels.Select(level => (double)weights[(int)(level * (weights.Length - 1))])];
        return new MaskLearningPoint(step, answerLoss, weights.Average(), quantiles, averaged);
    }

    private static void Freeze(IReadOnlyList<NamedParameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            parameter.Value.requires_grad_(false);
        }
    }

    // The first phase, or a learning at another price, may have left gradients where the mask sits behind the attention.
    private static void Forget(IReadOnlyList<NamedParameter> parameters)
    {
        using var noGradient = torch.no_grad();
        foreach (var parameter in parameters)
        {
            using var gradient = parameter.Value.grad;
            gradient?.zero_();
        }
    }
}

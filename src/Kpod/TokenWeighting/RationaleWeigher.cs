using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Predictors;
using Kpod.TokenWeighting.Weights;

namespace Kpod.TokenWeighting;

/// <summary>Stage 3: gives every rationale token its weight, from wherever the options say.</summary>
internal sealed class RationaleWeigher
{
    private readonly Checkpoint _student;
    private readonly TokenWeightingOptions _options;
    private readonly long _seed;

    /// <summary>Prepares the stage.</summary>
    /// <param name="student">The pretrained student, without an adapter; it is as before afterwards.</param>
    /// <param name="options">Where the weights come from and how they are learned.</param>
    /// <param name="seed">The run's seed.</param>
    public RationaleWeigher(Checkpoint student, TokenWeightingOptions options, long seed)
    {
        _student = student;
        _options = options;
        _seed = seed;
    }

    /// <summary>Opens <see cref="TokenWeightingOptions.PredictorCheckpoint"/>; needed only where that is set.</summary>
    public Func<string, Checkpoint>? OpenCheckpoint { get; init; }

    /// <summary>Gives one past the last token of each step of a rationale; needed only for <see cref="PrefixSet.StepEnds"/>.</summary>
    public Func<EncodedRationale, IReadOnlyList<int>>? StepEnds { get; init; }

    /// <summary>Is told each look at the weights while they are learned.</summary>
    public Action<MaskLearningPoint>? OnLook { get; init; }

    /// <summary>Is told what a kept token costs and why.</summary>
    public Action<string>? OnPrice { get; init; }

    /// <summary>Where the predictor and the state of the learning are kept, so that one that was stopped goes on where it was; null where a stop loses the work.</summary>
    public MaskLearningFiles? Files { get; init; }

    /// <summary>Weighs rationales.</summary>
    /// <param name="rationales">What gets weights, and what they are learned from.</param>
    /// <param name="progress">Is told the optimizer steps.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <returns>The weights in the order of <paramref name="rationales"/>.</returns>
    /// <exception cref="KpodException">A file does not fit, or mask learning failed; the message says what to try.</exception>
    public WeighedRationales Weigh(
        IReadOnlyList<EncodedRationale> rationales,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancel = default)
    {
        switch (_options.Source)
        {
            case TokenWeightSource.Uniform:
                return new WeighedRationales([.. rationales.Select(Uniform)], Diagnosis: null);
            case TokenWeightSource.File:
                return new WeighedRationales(TokenWeightsFile.Read(_options.File!, rationales), Diagnosis: null);
            default:
                return Learn(rationales, progress, cancel);
        }
    }

    /// <summary>Trains the answer predictor alone and keeps it in <see cref="Files"/>, unless it is there; <see cref="Weigh"/> then begins with it.</summary>
    /// <param name="rationales">What the weights will be learned from.</param>
    /// <param name="progress">Is told the optimizer steps.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="KpodException">A file does not fit, or the predictor does not learn to read; the message says what to try.</exception>
    public void TrainPredictor(IReadOnlyList<EncodedRationale> rationales, IProgress<StageProgress>? progress = null, CancellationToken cancel = default) =>
        With(learner => learner.TrainPredictor(rationales, StepEnds, progress, cancel));

    private WeighedRationales Learn(IReadOnlyList<EncodedRationale> rationales, IProgress<StageProgress>? progress, CancellationToken cancel) =>
        With(learner => learner.Learn(rationales, StepEnds, progress, cancel));

    private T With<T>(Func<MaskLearner, T> use)
    {
        using var predictorCheckpoint = _options.PredictorCheckpoint is { } path ? OpenCheckpoint!(path) : null;
        var seed = Seeds.Derive(_seed, "weight generator");
        using var module = new TokenWeightingModule(MakePredictor(predictorCheckpoint), _options.MaskSite, _options.MaskMode, seed);
        return use(new MaskLearner(module, _options, _seed) { OnLook = OnLook, OnPrice = OnPrice, Files = Files });
    }

    private static RationaleTokenWeights Uniform(EncodedRationale rationale) =>
        RationaleTokenWeights.Of(rationale, [.. Enumerable.Repeat(1f, rationale.RationaleTokens.Length)]);

    private IAnswerPredictor MakePredictor(Checkpoint? predictorCheckpoint)
    {
        var seed = Seeds.Derive(_seed, "answer predictor");
        if (predictorCheckpoint is not null)
        {
            return predictorCheckpoint.Model is T5Model
                ? new EncoderDecoderPredictor(_student, predictorCheckpoint, _options.WholePredictor ? null : _options.LoraRank, seed)
                : throw new KpodException(
                    $"tokenWeights.predictorCheckpoint is {predictorCheckpoint.Path}, which is no encoder-decoder of the T5 family. " +
                    "Name a T5 or FlanT5 checkpoint, or leave the key out so that the student predicts.");
        }

        return _student.Model switch
        {
            T5Model => new EncoderDecoderPredictor(_student, _student, _options.LoraRank, seed),
            LlamaModel when _options.Predictor != AnswerPredictorKind.EncoderDecoder => new StudentPredictor(_student, _options.LoraRank, seed),
            LlamaModel => throw new KpodException(
                "tokenWeights.predictor is encoderDecoder, but the student is none and tokenWeights.predictorCheckpoint names none. " +
                "Name a T5 or FlanT5 checkpoint, or set the predictor to student."),
            _ => throw new ArgumentException($"No answer predictor is known for a {_student.Model.GetType().Name}."),
        };
    }
}

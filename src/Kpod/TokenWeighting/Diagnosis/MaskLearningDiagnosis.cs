using Kpod.TokenWeighting.Options;

namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>What mask learning did and whether its weights can be trusted: <c>03-token-weights.summary.json</c>.</summary>
public sealed record MaskLearningDiagnosis
{
    /// <summary>What predicted the answers.</summary>
    public required AnswerPredictorKind Predictor { get; init; }

    /// <summary>Rationales that were learned from.</summary>
    public required int TrainingRationales { get; init; }

    /// <summary>Rationales, of other questions where there are enough, on which everything below but the last three was measured.</summary>
    public required int ProbeRationales { get; init; }

    /// <summary>Optimizer steps in which the predictor was trained.</summary>
    public required int PredictorSteps { get; init; }

    /// <summary>Whether that ended early because the predictor began to know training answers by heart.</summary>
    public required bool PredictorStoppedEarly { get; init; }

    /// <summary>The predictor's training.</summary>
    public required IReadOnlyList<PredictorPoint> PredictorCourse { get; init; }

    /// <summary>The weights' learning.</summary>
    public required IReadOnlyList<MaskLearningPoint> Course { get; init; }

    /// <summary>Greatest minus least mean weight in the last third of the learning, before averaging.</summary>
    public required double LevelSwing { get; init; }

    /// <summary>What is lost when tokens are masked.</summary>
    public required AnswerLossByQuarter AnswerLoss { get; init; }

    /// <summary>Mean weights over all rationales that got weights.</summary>
    public required MeanTokenWeights MeanWeights { get; init; }

    /// <summary>Share of tokens with w &gt; 0.5 over the same.</summary>
    public required double KeptShare { get; init; }

    /// <summary>Standard deviation of w over the tokens of the same.</summary>
    public double Spread { get; init; } = 1;

    /// <summary>What a rationale saves, by which the price was found; null where the two were trained together.</summary>
    public RationaleSaving? Saving { get; init; }

    /// <summary>The prices at which weights were learned; those handed on come last.</summary>
    public IReadOnlyList<PriceAttempt> Attempts { get; init; } = [];

    /// <summary>The most frequent tokens of the same, most frequent first.</summary>
    public required IReadOnlyList<FrequentToken> FrequentTokens { get; init; }
}

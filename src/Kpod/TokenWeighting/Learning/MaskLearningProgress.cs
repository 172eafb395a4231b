using Kpod.TokenWeighting.Diagnosis;

namespace Kpod.TokenWeighting.Learning;

/// <summary>How far a mask learning has come; with the tensors beside it, all that it needs to go on.</summary>
internal sealed record MaskLearningProgress
{
    /// <summary>Optimizer steps of the phase under way.</summary>
    public required int Step { get; init; }

    /// <summary>Sum of the losses since the last look.</summary>
    public required double LossSum { get; init; }

    /// <summary>Step of the last look.</summary>
    public required int LastLook { get; init; }

    /// <summary>The looks at the predictor.</summary>
    public IReadOnlyList<PredictorPoint> PredictorCourse { get; init; } = [];

    /// <summary>The looks at the weights.</summary>
    public IReadOnlyList<MaskLearningPoint> Course { get; init; } = [];

    /// <summary>The prices at which weights of no use were learned before.</summary>
    public IReadOnlyList<PriceAttempt> Attempts { get; init; } = [];

    /// <summary>Steps in the running mean of the parameters.</summary>
    public int Averaged { get; init; }
}

namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>A look at the answer predictor while it is trained.</summary>
/// <param name="Step">Optimizer steps taken.</param>
/// <param name="HeldOutWithout">Answer loss on held-out questions without any of the rationale, in nat an answer.</param>
/// <param name="HeldOutWith">The same with the whole rationale.</param>
/// <param name="TrainingWithout">Answer loss without it on questions of the training; where that falls below the held-out one, answers are known by heart.</param>
/// <param name="TrainingLoss">Mean loss of the updates since the last look; null at the first.</param>
public sealed record PredictorPoint(int Step, double HeldOutWithout, double HeldOutWith, double TrainingWithout, double? TrainingLoss);

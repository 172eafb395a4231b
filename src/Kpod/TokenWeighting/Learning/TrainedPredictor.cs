using Kpod.TokenWeighting.Diagnosis;

namespace Kpod.TokenWeighting.Learning;

/// <summary>How the answer predictor was trained.</summary>
/// <param name="Steps">Optimizer steps.</param>
/// <param name="StoppedEarly">Whether that ended because it began to know training answers by heart.</param>
/// <param name="Course">The looks at it.</param>
internal sealed record TrainedPredictor(int Steps, bool StoppedEarly, IReadOnlyList<PredictorPoint> Course);

namespace Kpod.Distillation.Training;

/// <summary>One optimizer step of a distillation: a line of <c>06-student/training-log.jsonl</c>.</summary>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Stage">Stage, from 1; stages beyond T give nothing.</param>
/// <param name="Loss">Weighted loss per supervised token, in nat.</param>
/// <param name="SupervisedTokens">Tokens that were learned.</param>
/// <param name="GivenSteps">Mean number of given steps over the examples.</param>
/// <param name="LearningRate">Learning rate.</param>
/// <param name="GradientNorm">Global gradient norm.</param>
/// <param name="Seconds">Duration of the step.</param>
public sealed record TrainingLogPoint(
    long Step,
    int Epoch,
    int Stage,
    double Loss,
    long SupervisedTokens,
    double GivenSteps,
    double LearningRate,
    double GradientNorm,
    double Seconds);

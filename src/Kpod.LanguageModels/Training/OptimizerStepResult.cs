namespace Kpod.LanguageModels.Training;

/// <summary>What one optimizer step did.</summary>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="Loss">Loss sum divided by the normaliser, in nat a supervised token.</param>
/// <param name="SupervisedTokens">The normaliser.</param>
/// <param name="LearningRate">The rate it was taken with.</param>
/// <param name="GradientNorm">Global gradient norm before clipping.</param>
public sealed record OptimizerStepResult(long Step, double Loss, long SupervisedTokens, double LearningRate, double GradientNorm);

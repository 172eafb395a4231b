namespace Kpod.LanguageModels.Training;

/// <summary>One mean of a loss in one micro-batch. Over an optimizer step it is factor · (sum of all micro-batches) / (normaliser of all micro-batches).</summary>
/// <param name="Name">Which mean; micro-batches that share a name share the mean.</param>
/// <param name="Factor">What the mean is multiplied by in the whole loss; the same in every micro-batch.</param>
/// <param name="Normaliser">How many tokens, pairs or whatever the mean is over stand behind this micro-batch's sum; may be 0.</param>
public sealed record LossMean(string Name, double Factor, long Normaliser);

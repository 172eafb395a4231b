using TorchSharp;

namespace Kpod.LanguageModels.Training;

/// <summary>
/// A loss as a sum and its normaliser. Sums and normalisers of micro-batches are added; the division happens once per optimizer step, in
/// <see cref="OptimizerStep"/>, so that a batch of 8 and eight batches of 1 give the same gradient.
/// </summary>
/// <param name="Sum">The summed loss, a scalar that carries the gradient.</param>
/// <param name="Normaliser">Number of supervised label tokens behind the sum (methods: not the sum of their weights).</param>
public sealed record LossSum(torch.Tensor Sum, long Normaliser);

using TorchSharp;

namespace Kpod.LanguageModels.Training;

/// <summary>
/// The loss of a micro-batch before it is computed, as a sum of means. Their normalisers follow from the examples alone, so those of the whole optimizer step are known before its first backward pass:
/// that is what lets several means be accumulated exactly (<see cref="LossMeans"/>).
/// </summary>
/// <param name="SupervisedTokens">Label tokens of the micro-batch, for the training's figures.</param>
/// <param name="Means">Its means.</param>
/// <param name="Sums">Computes the sum of each mean, in the order of <paramref name="Means"/>: scalars that carry the gradient.</param>
public sealed record MicroBatchLoss(long SupervisedTokens, IReadOnlyList<LossMean> Means, Func<IReadOnlyList<torch.Tensor>> Sums)
{
    /// <summary>The mean over label tokens that all methods share: pooled over all micro-batches of an optimizer step.</summary>
    public const string LabelTokens = "label tokens";

    /// <summary>A loss that is one mean over label tokens.</summary>
    /// <param name="supervisedTokens">Number of them.</param>
    /// <param name="sum">Computes the sum.</param>
    /// <returns>The loss.</returns>
    public static MicroBatchLoss OverLabelTokens(long supervisedTokens, Func<torch.Tensor> sum) =>
        new(supervisedTokens, [new LossMean(LabelTokens, 1, supervisedTokens)], () => [sum()]);
}

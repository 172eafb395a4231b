using TorchSharp;

namespace Kpod.LanguageModels.Training;

/// <summary>The negative log-likelihood of given tokens under a model, token by token, and its weighted sum.</summary>
public static class TokenLoss
{
    /// <summary>-log P of each supervised token given all that stands before it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The sequences.</param>
    /// <returns>(supervised tokens), float32, in nat, in the order of <see cref="TeacherForcedBatch.Targets"/>; carries the gradient where one is recorded.</returns>
    public static torch.Tensor NegativeLogLikelihoods(ILanguageModel model, TeacherForcedBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        return NegativeLogLikelihoods(model, model.PredictingStates(batch), batch).MoveToOuterDisposeScope();
    }

    /// <summary>The same from states that are there already, for a loss that uses them once more.</summary>
    /// <param name="model">The model.</param>
    /// <param name="states">(supervised tokens, hidden), what <see cref="ILanguageModel.PredictingStates"/> gave for the batch.</param>
    /// <param name="batch">The sequences.</param>
    /// <returns>As above.</returns>
    public static torch.Tensor NegativeLogLikelihoods(ILanguageModel model, torch.Tensor states, TeacherForcedBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        var targets = torch.tensor(batch.Targets(), device: model.Device);
        return OutputLoss.Of(model, states, targets).MoveToOuterDisposeScope();
    }

    /// <summary>sum_j w_j · NLL_j with the number of tokens as normaliser.</summary>
    /// <param name="negativeLogLikelihoods">(tokens).</param>
    /// <param name="weights">One weight a token; no gradient flows into it.</param>
    /// <returns>The sum and the number of tokens.</returns>
    public static LossSum Weighted(torch.Tensor negativeLogLikelihoods, ReadOnlySpan<float> weights)
    {
        if (weights.Length != negativeLogLikelihoods.shape[0])
        {
            throw new ArgumentException($"{weights.Length} weights for {negativeLogLikelihoods.shape[0]} tokens.", nameof(weights));
        }

        using var scope = torch.NewDisposeScope();
        var factor = torch.tensor(weights.ToArray(), device: negativeLogLikelihoods.device);
        return new LossSum(negativeLogLikelihoods.mul(factor).sum().MoveToOuterDisposeScope(), weights.Length);
    }
}

using TorchSharp;

namespace Kpod.TokenWeighting.Masks;

/// <summary>
/// The loss of the weighting module (Eq. 5 to 7), divided by the number of tokens L:
/// <c>L_k / L = mean over prefixes of the answer's NLL + alpha · mean over tokens of m</c>, then the mean over the rationales of a batch.
/// Eq. 5 sums over the L prefixes and Eq. 6 over the L tokens, so this has the same minimum; but it can be estimated from a few prefixes, and long rationales
/// do not outweigh short ones. A mean over prefixes with a sum over tokens would make a token L times as dear and mask everything.
/// </summary>
internal static class MaskLearningLoss
{
    /// <summary>
    /// Eq. 5 over L: the answer's negative log-likelihood, summed over its tokens, averaged over the prefixes of each rationale, then over the rationales.
    /// </summary>
    /// <param name="negativeLogLikelihoods">(prefixes of all rationales), rationale by rationale, in nat.</param>
    /// <param name="prefixCounts">Prefixes of each rationale.</param>
    /// <returns>A scalar, in nat.</returns>
    public static torch.Tensor Answer(torch.Tensor negativeLogLikelihoods, IReadOnlyList<int> prefixCounts)
    {
        if (negativeLogLikelihoods.shape[0] != prefixCounts.Sum())
        {
            throw new ArgumentException($"{negativeLogLikelihoods.shape[0]} losses for {prefixCounts.Sum()} prefixes.", nameof(negativeLogLikelihoods));
        }

        using var scope = torch.NewDisposeScope();
        float[] shares = [.. prefixCounts.SelectMany(count => Enumerable.Repeat(1f / (count * prefixCounts.Count), count))];

        // Not a dot product: the matrix library adds up in an order that depends on where in memory an array happens to lie.
        return negativeLogLikelihoods.mul(torch.tensor(shares, device: negativeLogLikelihoods.device)).sum().MoveToOuterDisposeScope();
    }

    /// <summary>Eq. 6 over L, or any other quantity of tokens: its mean over the tokens of each rationale, then over rationales.</summary>
    /// <param name="values">(rationales, tokens): m, or its expectation w.</param>
    /// <param name="tokenMask">(rationales, tokens), float32: 1 for a token, 0 for padding.</param>
    /// <returns>A scalar.</returns>
    public static torch.Tensor TokenMean(torch.Tensor values, torch.Tensor tokenMask)
    {
        using var scope = torch.NewDisposeScope();
        return ((values * tokenMask).sum(1) / tokenMask.sum(1)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>The price in place of alpha where a keep rate is free: alpha · max(mean w - rho, 0) / (1 - rho), alpha itself where everything is kept.</summary>
    /// <param name="logits">s, (rationales, tokens), before any offset.</param>
    /// <param name="tokenMask">(rationales, tokens), float32.</param>
    /// <param name="alpha">The price of Eq. 7, in nat.</param>
    /// <param name="freeKeepRate">rho, below 1; null for alpha whatever is kept.</param>
    /// <returns>The price that this update pays, in nat; no gradient flows through it.</returns>
    public static double Price(torch.Tensor logits, torch.Tensor tokenMask, double alpha, double? freeKeepRate)
    {
        if (freeKeepRate is not { } free)
        {
            return alpha;
        }

        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        return alpha * Math.Max(0, (TokenMean(logits.sigmoid(), tokenMask).cpu().item<float>() - free) / (1 - free));
    }

    /// <summary>Cost of logits out of range: penalty · mean of max(|s| - bound, 0)². Its slope grows, so that a logit can always come back.</summary>
    /// <param name="logits">s, (rationales, tokens).</param>
    /// <param name="tokenMask">(rationales, tokens), float32.</param>
    /// <param name="bound">Size that costs nothing.</param>
    /// <param name="penalty">Factor.</param>
    /// <returns>A scalar.</returns>
    public static torch.Tensor LogitBound(torch.Tensor logits, torch.Tensor tokenMask, double bound, double penalty)
    {
        using var scope = torch.NewDisposeScope();
        return (penalty * TokenMean((logits.abs() - bound).clamp(min: 0).square(), tokenMask)).MoveToOuterDisposeScope();
    }
}

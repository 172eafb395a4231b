namespace Kpod.StepDifficulty;

/// <summary>Eq. 8: d_k = -sum_{j = p_k..q_k} ŵ_j log P(r_j | r_{&lt;j}, x), with ŵ the softmax of the token weights within the step.</summary>
public static class StepDifficultyFormula
{
    /// <summary>The difficulty of one step.</summary>
    /// <param name="negativeLogLikelihoods">-log P of each token of the step, in nat; at least one.</param>
    /// <param name="weights">w of each token of the step (Eq. 3), as they are: weights in [0, 1] differ by a factor of e at most after the softmax.</param>
    /// <returns>d_k in nat: a weighted mean, so it does not grow with the length of the step.</returns>
    public static double Weighted(ReadOnlySpan<double> negativeLogLikelihoods, ReadOnlySpan<double> weights)
    {
        if (negativeLogLikelihoods.IsEmpty || negativeLogLikelihoods.Length != weights.Length)
        {
            throw new ArgumentException(
                $"{negativeLogLikelihoods.Length} tokens and {weights.Length} weights: a step needs one token at least and a weight for each.");
        }

        var largest = double.NegativeInfinity;
        foreach (var weight in weights)
        {
            largest = Math.Max(largest, weight);
        }

        var sum = 0.0;
        var normaliser = 0.0;
        for (var token = 0; token < weights.Length; token++)
        {
            var share = Math.Exp(weights[token] - largest);
            sum += share * negativeLogLikelihoods[token];
            normaliser += share;
        }

        return sum / normaliser;
    }

    /// <summary>The difficulty of one step when all its tokens count alike (the ablation KPOD-w.o.-sig-dif): the plain mean.</summary>
    /// <param name="negativeLogLikelihoods">-log P of each token of the step, in nat; at least one.</param>
    /// <returns>d_k in nat.</returns>
    public static double Uniform(ReadOnlySpan<double> negativeLogLikelihoods)
    {
        if (negativeLogLikelihoods.IsEmpty)
        {
            throw new ArgumentException("A step needs one token at least.", nameof(negativeLogLikelihoods));
        }

        var sum = 0.0;
        foreach (var loss in negativeLogLikelihoods)
        {
            sum += loss;
        }

        return sum / negativeLogLikelihoods.Length;
    }
}

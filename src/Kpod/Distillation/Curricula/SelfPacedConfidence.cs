using Kpod.Distillation.Visits;

namespace Kpod.Distillation.Curricula;

/// <summary>
/// KPOD-SPL (after Wan et al., 2020): how sure the student is of each token and each sample of a batch, by how little its log-probabilities vary over several passes with dropout. The smallest log-probability of the whole batch is their measure,
/// so that a batch has to be taken as a whole, however many micro-batches it is computed in.
/// </summary>
internal sealed record SelfPacedConfidence
{
    private const int Exponent = 2;

    /// <summary>n: log-probability by the smallest of the batch; by pass, sample, token.</summary>
    public required IReadOnlyList<double[][]> Relative { get; init; }

    /// <summary>Variance of n over the passes; by sample, token.</summary>
    public required double[][] TokenVariance { get; init; }

    /// <summary>A = (1 - variance)².</summary>
    public required double[][] TokenConfidence { get; init; }

    /// <summary>Sum of log-probabilities; by pass, sample.</summary>
    public required IReadOnlyList<double[]> SentenceLogProbability { get; init; }

    /// <summary>N: that by the smallest of the batch.</summary>
    public required IReadOnlyList<double[]> RelativeSentence { get; init; }

    /// <summary>Variance of N over the passes; by sample.</summary>
    public required double[] SentenceVariance { get; init; }

    /// <summary>B = (1 - variance)².</summary>
    public required double[] SentenceConfidence { get; init; }

    /// <summary>c = A · B; by sample, token.</summary>
    public required double[][] Factors { get; init; }

    /// <summary>Softmax of c over all tokens of the batch, times their number: mean 1.</summary>
    public required double[][] NormalisedFactors { get; init; }

    /// <summary>Assesses a batch.</summary>
    /// <param name="passes">log-probability of each label; by pass (at least two), sample, token, without padding.</param>
    /// <returns>The confidences.</returns>
    public static SelfPacedConfidence Of(IReadOnlyList<double[][]> passes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes.Count, 2, nameof(passes));
        double[][][] relative = [.. passes.Select(pass => pass.Select(sample => Divided(sample, pass.Min(row => row.Min()))).ToArray())];
        double[][] sums = [.. passes.Select(pass => pass.Select(sample => sample.Sum()).ToArray())];
        double[][] relativeSums = [.. sums.Select(pass => Divided(pass, pass.Min()))];
        double[][] variance = [.. passes[0].Select((sample, i) => sample.Select((_, j) => Variance([.. relative.Select(pass => pass[i][j])])).ToArray())];
        double[] sentenceVariance = [.. passes[0].Select((_, i) => Variance([.. relativeSums.Select(pass => pass[i])]))];
        double[][] confidence = [.. variance.Select(row => row.Select(Confidence).ToArray())];
        double[] sentence = [.. sentenceVariance.Select(Confidence)];
        double[][] factors = [.. confidence.Select((row, i) => row.Select(value => value * sentence[i]).ToArray())];
        return new SelfPacedConfidence
        {
            Relative = relative,
            TokenVariance = variance,
            TokenConfidence = confidence,
            SentenceLogProbability = sums,
            RelativeSentence = relativeSums,
            SentenceVariance = sentenceVariance,
            SentenceConfidence = sentence,
            Factors = factors,
            NormalisedFactors = Normalised(factors),
        };
    }

    /// <summary>Samples with the factors in their weights: w · c.</summary>
    /// <param name="examples">The samples of the batch.</param>
    /// <returns>The samples, to be cut into micro-batches.</returns>
    public IReadOnlyList<DistillationExample> Weigh(IReadOnlyList<DistillationExample> examples) =>
        [.. examples.Select((example, i) => example with { Weights = [.. example.Weights.Zip(NormalisedFactors[i], (weight, factor) => (float)(weight * factor))] })];

    // A log-probability is 0 where the student is certain; where it is of all, nothing varies.
    private static double[] Divided(double[] values, double smallest) => [.. values.Select(value => smallest == 0 ? 0 : value / smallest)];

    private static double Confidence(double variance) => Math.Pow(1 - variance, Exponent);

    // Unbiased: over the passes less one.
    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    private static double[][] Normalised(double[][] factors)
    {
        var largest = factors.Max(row => row.Max());
        var sum = factors.Sum(row => row.Sum(factor => Math.Exp(factor - largest)));
        var count = factors.Sum(row => row.Length);
        return [.. factors.Select(row => row.Select(factor => Math.Exp(factor - largest) / sum * count).ToArray())];
    }
}

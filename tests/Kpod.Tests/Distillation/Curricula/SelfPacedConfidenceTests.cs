using Kpod.Distillation.Curricula;
using Kpod.Distillation.Visits;

namespace Kpod.Tests.Distillation.Curricula;

public sealed class SelfPacedConfidenceTests
{
    [Fact]
    public void Equal_passes_leave_every_factor_1()
    {
        double[][] pass = [[-1, -2, -0.5], [-3]];
        var confidence = SelfPacedConfidence.Of([pass, pass, pass]);
        Assert.All(confidence.Factors.Concat(confidence.NormalisedFactors).SelectMany(row => row), factor => Assert.Equal(1, factor, 1e-12));
    }

    // By hand, two passes of one sample of two tokens: n = (0.5, 1) and (1, 1); variance of the first 0.125, so A = 0.875²; the sentence is its own smallest, so B = 1.
    [Fact]
    public void A_token_that_varies_counts_less()
    {
        var confidence = SelfPacedConfidence.Of([[[-1, -2]], [[-2, -2]]]);
        Assert.Equal([0.765625, 1], confidence.Factors[0]);
        Assert.Equal([1.0], confidence.SentenceConfidence);
    }

    // By hand: sentences -1, -2 and -2, -2: N = (0.5, 1), (1, 1); variance 0.125.
    [Fact]
    public void A_sentence_is_measured_by_the_smallest_of_the_whole_batch()
    {
        var confidence = SelfPacedConfidence.Of([[[-1], [-2]], [[-2], [-2]]]);
        Assert.Equal([0.765625, 1], confidence.SentenceConfidence);
        Assert.NotEqual(confidence.SentenceConfidence, SelfPacedConfidence.Of([[[-1]], [[-2]]]).SentenceConfidence);
    }

    [Fact]
    public void Normalised_factors_have_the_mean_1_and_multiply_the_weights()
    {
        var random = new Random(5);
        double[][][] passes = [.. Enumerable.Range(0, 5).Select(_ => new[] { 5, 4 }.Select(length => Enumerable.Range(0, length).Select(_ => -5 * random.NextDouble()).ToArray()).ToArray())];
        var confidence = SelfPacedConfidence.Of(passes);
        Assert.Equal(1, confidence.NormalisedFactors.SelectMany(row => row).Average(), 1e-12);
        DistillationExample[] examples = [.. new[] { Items.Make("q", 0, [10, 11], [2]), Items.Make("q", 1, [12], [1]) }.Select(item => DistillationExample.Make(item, item.TokenWeights, 0))];
        var weighed = confidence.Weigh(examples);
        Assert.Equal((float)(examples[0].Weights[1] * confidence.NormalisedFactors[0][1]), weighed[0].Weights[1]);
        Assert.Equal((float)confidence.NormalisedFactors[1][3], weighed[1].Weights[3]);
    }

    [Fact]
    public void One_pass_has_no_variance() => Assert.Throws<ArgumentOutOfRangeException>(() => SelfPacedConfidence.Of([[[-1]]]));
}

using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Training;

public sealed class LossMeansTests
{
    // Of each sample: rows of its tokens (their number is its normaliser), and whether it takes part in the second mean.
    private static readonly (int Rows, bool IsPair)[] Samples = [(3, true), (1, false), (4, true), (2, false)];

    [Fact]
    public void A_batch_of_4_four_of_1_and_two_of_2_take_the_same_steps()
    {
        var whole = Train([[0, 1, 2, 3]]);
        foreach (var batches in new int[][][] { [[0], [1], [2], [3]], [[0, 1], [2, 3]] })
        {
            var (weights, loss) = Train(batches);
            Assert.Equal(whole.Loss, loss, 1e-5);
            Assert.All(weights.Zip(whole.Weights), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        }
    }

    // By hand: sums 6 and 10 over 2 and 3 tokens, factor 1: 16 / 5; sums 4 and 0 over 1 and 0 pairs, factor 0.25: 1. Gradients likewise: (6 + 10) / 5 + 0.25 · 4 / 1.
    [Fact]
    public void The_loss_is_the_sum_of_factors_times_means_over_the_whole_step()
    {
        using var scope = torch.NewDisposeScope();
        var value = torch.ones(1).requires_grad_(true);
        MicroBatchLoss first = new(2, [new LossMean("tokens", 1, 2), new LossMean("pairs", 0.25, 1)], () => [(value * 6).sum(), (value * 4).sum()]);
        MicroBatchLoss second = new(3, [new LossMean("tokens", 1, 3), new LossMean("pairs", 0.25, 0)], () => [(value * 10).sum(), torch.zeros([])]);
        using var adam = new Adam([new NamedParameter("w", value)], new OptimizerOptions());
        var result = new OptimizerStep(adam, new OptimizerOptions(), 1).Take(LossMeans.Pool([first, second]), _ => "x");
        Assert.Equal(16 / 5.0 + 1, result.Loss, 1e-6);
        Assert.Equal(16 / 5.0 + 1, result.GradientNorm, 1e-6);
        Assert.Equal(5, result.SupervisedTokens);
    }

    [Fact]
    public void One_mean_over_label_tokens_is_left_as_it_is_to_the_bit()
    {
        using var scope = torch.NewDisposeScope();
        var sum = torch.tensor(0.1f).requires_grad_(true);
        var pooled = LossMeans.Pool([MicroBatchLoss.OverLabelTokens(3, () => sum), MicroBatchLoss.OverLabelTokens(4, () => sum)])[0]();
        Assert.Equal(0.1f, pooled.Sum.item<float>());
        Assert.Equal(3, pooled.Normaliser);
    }

    [Fact]
    public void A_mean_over_nothing_counts_0_two_factors_and_no_tokens_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var one = torch.ones([]).requires_grad_(true);
        MicroBatchLoss Make(double factor, long pairs, long tokens = 1) => new(tokens, [new LossMean("tokens", 1, tokens), new LossMean("pairs", factor, pairs)], () => [one, one * 0]);
        Assert.Equal(1, LossMeans.Pool([Make(5, 0)])[0]().Sum.item<float>());
        Assert.Contains("factors 5 and 6", Assert.Throws<ArgumentException>(() => LossMeans.Pool([Make(5, 1), Make(6, 1)])).Message, StringComparison.Ordinal);
        Assert.Contains("No token", Assert.Throws<ArgumentException>(() => LossMeans.Pool([Make(5, 1, tokens: 0)])).Message, StringComparison.Ordinal);
    }

    private static (float[] Weights, double Loss) Train(int[][] batches)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(7);
        var rows = Samples.Select(sample => torch.randn(sample.Rows, 4)).ToArray();
        var value = torch.randn(4).requires_grad_(true);
        var options = new OptimizerOptions { LearningRate = 0.1 };
        using var adam = new Adam([new NamedParameter("w", value)], options);
        var step = new OptimizerStep(adam, options, totalSteps: 3);
        var loss = 0.0;
        for (var repeat = 0; repeat < 3; repeat++)
        {
            loss = step.Take(LossMeans.Pool([.. batches.Select(Loss)]), _ => "sample").Loss;
        }

        return (value.data<float>().ToArray(), loss);

        MicroBatchLoss Loss(int[] batch)
        {
            var (tokens, pairs) = (batch.Sum(sample => Samples[sample].Rows), batch.Count(sample => Samples[sample].IsPair));
            return new MicroBatchLoss(tokens, [new LossMean("tokens", 0.5, tokens), new LossMean("pairs", 3, pairs)], () =>
                [Sum(batch, sample => rows[sample].mv(value).pow(2).sum()), Sum(batch.Where(sample => Samples[sample].IsPair), sample => rows[sample][0].dot(value).sin())]);
        }

        torch.Tensor Sum(IEnumerable<int> batch, Func<int, torch.Tensor> of) => batch.Select(of).Aggregate(torch.zeros([]), (sum, next) => sum + next);
    }
}

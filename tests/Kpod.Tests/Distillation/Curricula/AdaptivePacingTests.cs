using Kpod.Distillation.Curricula;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.Tests.Distillation.Curricula;

public sealed class AdaptivePacingTests
{
    // By hand: with T = 2, q = sqrt(1 / 0.3); shares 0.5477 and 1.
    [Theory]
    [InlineData(7473, 10)]
    [InlineData(1462, 20)]
    [InlineData(700, 3)]
    [InlineData(1, 2)]
    public void All_samples_are_in_from_epoch_T_on_and_never_fewer_than_before(int samples, int fullEpoch)
    {
        var pacing = new AdaptivePacing(fullEpoch);
        int[] sizes = [.. Enumerable.Range(1, fullEpoch + 3).Select(epoch => pacing.Size(samples, epoch))];
        Assert.Equal(sizes.Order(), sizes);
        Assert.All(sizes[(fullEpoch - 1)..], size => Assert.Equal(samples, size));
        Assert.Equal(5, new AdaptivePacing(2).Size(10, 1));
    }

    [Fact]
    public void The_easiest_are_learned_and_of_equal_ones_the_earlier()
    {
        Assert.Equal([0, 2, 3, 4, 6], new AdaptivePacing(2).Subset([1, 9, 1, 2, 3, 9, 3, 3, 9, 9], 1));
        Assert.Equal([0.3 + 1.4, 1.5 + 0.7], AdaptiveScores.Follow([1, 5], [2, 1]).Select(score => Math.Round(score, 12)));
    }

    [Fact]
    public void A_samples_loss_is_its_weighted_sum_by_its_labels()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        DistillationExample[] examples = [.. new[] { Items.Make("q", 0, [10, 11], [2]), Items.Make("q", 1, [12, 13, 14], [3]) }.Select(item => DistillationExample.Make(item, item.TokenWeights, 0))];
        var losses = AdaptiveScores.Losses(model, examples);
        for (var index = 0; index < examples.Length; index++)
        {
            var alone = DistillationLoss.Of(model, [examples[index]]);
            Assert.Equal(alone.Sum.cpu().item<float>() / alone.Normaliser, losses[index], 1e-5);
        }
    }

    // By hand: reference (3/4, 1/4), current (1/2, 1/2): 3/4 ln(3/2) + 1/4 ln(1/2); the gradient for the current logits is current less reference.
    [Fact]
    public void The_pull_is_the_divergence_from_the_reference_and_moves_the_current_model_alone()
    {
        using var scope = torch.NewDisposeScope();
        var reference = torch.tensor(new[] { Math.Log(3), 0 }).unsqueeze(0).requires_grad_(true);
        var current = torch.zeros(1, 2, dtype: torch.float64).requires_grad_(true);
        var pull = ReferencePull.Divergences(reference, current);
        pull.sum().backward();
        Assert.Equal((0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5)), pull.item<double>(), 1e-12);
        Assert.Equal([-0.25, 0.25], current.grad!.data<double>().ToArray().Select(value => Math.Round(value, 12)));
        Assert.Null(reference.grad);
    }
}

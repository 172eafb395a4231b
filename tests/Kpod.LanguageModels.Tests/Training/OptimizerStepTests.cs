using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Training;

public sealed class OptimizerStepTests
{
    // Six samples of unequal size; the loss of a sample is (w · x_j)² summed over its rows, and its normaliser is its number of rows.
    private static readonly int[] RowsOfSample = [3, 1, 4, 1, 5, 2];

    [Fact]
    public void One_batch_micro_batches_of_one_and_a_ragged_accumulation_take_the_same_step()
    {
        var whole = Weights([[0, 1, 2, 3, 4, 5]]);
        var single = Weights([[0], [1], [2], [3], [4], [5]]);
        var ragged = Weights([[0, 1, 2, 3], [4, 5]]);
        for (var index = 0; index < whole.Length; index++)
        {
            Assert.Equal(whole[index], single[index], 1e-6f);
            Assert.Equal(whole[index], ragged[index], 1e-6f);
        }
    }

    [Fact]
    public void A_loss_that_is_no_number_names_the_samples_and_changes_nothing()
    {
        using var scope = torch.NewDisposeScope();
        var value = torch.ones(2).requires_grad_(true);
        using var adam = new Adam([new NamedParameter("w", value)], new OptimizerOptions());
        var step = new OptimizerStep(adam, new OptimizerOptions(), totalSteps: 1);
        var fault = Assert.Throws<WorkFailedException>(() => step.Take([() => new LossSum(value.sum() / 0f * 0f, 1)], _ => "q1#0, q2#0"));
        Assert.Equal("The loss of optimizer step 1 is NaN in micro-batch 1 of 1: q1#0, q2#0. Lower the learning rate, or look at these samples; the last saved state is intact.", fault.Message);
        Assert.Equal([1f, 1f], value.data<float>().ToArray());
    }

    [Fact]
    public void A_gradient_that_is_no_number_names_its_micro_batch_and_changes_nothing()
    {
        using var scope = torch.NewDisposeScope();
        var value = torch.ones(2).requires_grad_(true);
        using var adam = new Adam([new NamedParameter("w", value)], new OptimizerOptions());
        var step = new OptimizerStep(adam, new OptimizerOptions(), totalSteps: 1);

        // The root of 0 is 0 and its slope infinite.
        LossSum Sound() => new(value.sum(), 1);
        LossSum Steep() => new((value - 1).sqrt().sum(), 1);
        var fault = Assert.Throws<WorkFailedException>(() => step.Take([Sound, Steep, Sound], index => $"sample {index}"));
        Assert.StartsWith("The gradient of optimizer step 1 is not finite from micro-batch 2 of 3 on: sample 1.", fault.Message, StringComparison.Ordinal);
        Assert.Equal([1f, 1f], value.data<float>().ToArray());
    }

    [Fact]
    public void Clipping_bounds_the_norm_of_the_divided_gradient()
    {
        using var scope = torch.NewDisposeScope();
        var value = torch.tensor([3f, 4f]).requires_grad_(true);
        var options = new OptimizerOptions { MaximumGradientNorm = 0.5, Course = LearningRateCourse.Constant };
        using var adam = new Adam([new NamedParameter("w", value)], options);
        var result = new OptimizerStep(adam, options, 1).Take([() => new LossSum((value * torch.tensor([30f, 40f])).sum(), 10)], _ => "x");
        Assert.Equal(5, result.GradientNorm, 1e-5);
        var first = adam.State().Single(pair => pair.Key == "w.first").Value;
        Assert.Equal(0.1 * 0.3, first[0].item<float>(), 1e-6);
    }

    private static float[] Weights(int[][] microBatches)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(7);
        var samples = RowsOfSample.Select(rows => torch.randn(rows, 4)).ToArray();
        var value = torch.randn(4).requires_grad_(true);
        var options = new OptimizerOptions { LearningRate = 0.1 };
        using var adam = new Adam([new NamedParameter("w", value)], options);
        var step = new OptimizerStep(adam, options, totalSteps: 3);
        for (var repeat = 0; repeat < 3; repeat++)
        {
            step.Take(
                [.. microBatches.Select(batch => (Func<LossSum>)(() => new LossSum(
                    torch.stack(batch.Select(sample => samples[sample].mv(value).pow(2).sum()).ToArray()).sum(),
                    batch.Sum(sample => RowsOfSample[sample]))))],
                _ => "sample");
        }

        return value.data<float>().ToArray();
    }
}

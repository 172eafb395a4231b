using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.LanguageModels.Tests;

public sealed class LiveTensorTests
{
    [Theory]
    [InlineData("llama", torch.ScalarType.Float32, 200)]
    [InlineData("llama", torch.ScalarType.BFloat16, 40)]
    [InlineData("t5", torch.ScalarType.Float32, 200)]
    [InlineData("t5", torch.ScalarType.BFloat16, 40)]
    public void Live_tensors_stay_flat_over_training_steps(string family, torch.ScalarType type, int steps)
    {
        using ILanguageModel model = family == "t5" ? TinyModel.T5(type: type) : TinyModel.Llama(type: type);
        var parameters = new List<NamedParameter>();
        foreach (var linear in model.Linears)
        {
            var (outputs, inputs) = (linear.Outputs, linear.Inputs);
            var pair = new LoraPair(torch.randn(2, inputs, device: TestDevice.Current).mul_(0.1).requires_grad_(true), torch.zeros(outputs, 2, device: TestDevice.Current).requires_grad_(true), 1);
            linear.Lora = pair;
            parameters.Add(new NamedParameter($"{linear.Name}.a", pair.A));
            parameters.Add(new NamedParameter($"{linear.Name}.b", pair.B));
        }

        var options = new OptimizerOptions { LearningRate = 1e-2, Course = LearningRateCourse.Constant };
        using var adam = new Adam(parameters, options);
        var optimizer = new OptimizerStep(adam, options, totalSteps: steps);
        var random = new Random(2);
        var losses = new List<double>();
        LeakCheck.IsFlat(
            () =>
            {
                // Lengths vary, as those of real batches do; the answer depends on the prompt.
                int[][] prompts = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Repeat(random.Next(2, 6), random.Next(1, 12)).ToArray())];
                int[][] responses = [.. prompts.Select(prompt => new[] { prompt[0] + 10, prompt[0] + 20, 1 })];
                var batch = new TeacherForcedBatch(prompts, responses, [.. responses.Select(_ => new[] { true, true, true })]);
                losses.Add(optimizer.Take([() => TokenLoss.Weighted(TokenLoss.NegativeLogLikelihoods(model, batch), [1, 1, 1, 1, 1, 1, 1, 1, 1])], _ => "test").Loss);
            },
            steps);
        Assert.True(losses[^10..].Average() < losses[..10].Average() * (steps >= 200 ? 0.5 : 0.9), $"the loss fell only from {losses[0]} to {losses[^1]}");
    }
}

using TorchSharp;

namespace Kpod.LanguageModels.Training;

/// <summary>One optimizer step over one or more micro-batches: sums are accumulated, divided once by the normaliser of all, clipped, and taken.</summary>
public sealed class OptimizerStep
{
    private readonly Adam _adam;
    private readonly OptimizerOptions _options;
    private readonly long _totalSteps;

    /// <summary>Prepares the steps of one training.</summary>
    /// <param name="adam">The optimizer.</param>
    /// <param name="options">Learning rate, its course, and clipping.</param>
    /// <param name="totalSteps">Optimizer steps of the whole training.</param>
    public OptimizerStep(Adam adam, OptimizerOptions options, long totalSteps)
    {
        _adam = adam;
        _options = options;
        _totalSteps = totalSteps;
    }

    /// <summary>Takes a step.</summary>
    /// <param name="microBatches">Computes the loss of each micro-batch; called one after the other, each backward pass before the next.</param>
    /// <param name="describe">Names the samples of micro-batch k that are at fault, for a message about a loss or a gradient that is no number; may compute with the model.</param>
    /// <returns>The step's figures.</returns>
    /// <exception cref="WorkFailedException">A loss or gradient is not finite; the parameters are as before the step.</exception>
    public OptimizerStepResult Take(IReadOnlyList<Func<LossSum>> microBatches, Func<int, string> describe)
    {
        var sum = 0.0;
        var normaliser = 0L;
        for (var index = 0; index < microBatches.Count; index++)
        {
            using var scope = torch.NewDisposeScope();
            var loss = microBatches[index]();
            var value = loss.Sum.to(torch.ScalarType.Float64).cpu().item<double>();
            if (!double.IsFinite(value))
            {
                throw new WorkFailedException($"The loss of optimizer step {_adam.StepCount + 1} is {value} in micro-batch {index + 1} of {microBatches.Count}: {describe(index)}. Lower the learning rate, or look at these samples; the last saved state is intact.");
            }

            loss.Sum.backward();
            sum += value;
            normaliser += loss.Normaliser;
        }

        var learningRate = _options.LearningRate * LearningRateSchedule.Multiplier(_options.Course, _adam.StepCount, _options.WarmUpSteps, _totalSteps);
        var norm = GradientNorm() / normaliser;
        if (!double.IsFinite(norm))
        {
            var index = FirstWithoutGradient(microBatches);
            throw new WorkFailedException($"The gradient of optimizer step {_adam.StepCount + 1} is not finite from micro-batch {index + 1} of {microBatches.Count} on: {describe(index)}. Lower the learning rate, or look at these samples; the last saved state is intact.");
        }

        // torch's clip_grad_norm_: multiply by min(1, maximum / (norm + 1e-6)).
        var clip = _options.MaximumGradientNorm > 0 ? Math.Min(1, _options.MaximumGradientNorm / (norm + 1e-6)) : 1;
        _adam.Step(learningRate, clip / normaliser);
        return new OptimizerStepResult(_adam.StepCount, sum / normaliser, normaliser, learningRate, norm);
    }

    // The last one where each by itself is finite and only their sum is not.
    private int FirstWithoutGradient(IReadOnlyList<Func<LossSum>> microBatches)
    {
        for (var index = 0; index < microBatches.Count - 1; index++)
        {
            using var scope = torch.NewDisposeScope();
            _adam.EmptyGradients();
            microBatches[index]().Sum.backward();
            if (!double.IsFinite(GradientNorm()))
            {
                return index;
            }
        }

        return microBatches.Count - 1;
    }

    private double GradientNorm()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] squares = [.. _adam.Parameters.Select(parameter => parameter.Value.grad).OfType<torch.Tensor>().Select(SumOfSquares)];
        return squares.Length == 0 ? 0 : Math.Sqrt(torch.stack(squares).to(torch.ScalarType.Float64).sum().cpu().item<double>());
    }

    // The squares of one parameter at a time: those of all take as much memory as the gradients.
    private static torch.Tensor SumOfSquares(torch.Tensor gradient)
    {
        using var scope = torch.NewDisposeScope();
        return gradient.mul(gradient).to(torch.ScalarType.Float32).sum().MoveToOuterDisposeScope();
    }
}

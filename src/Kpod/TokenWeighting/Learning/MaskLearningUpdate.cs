using Kpod.RationaleGeneration.Rationales;
using TorchSharp;

namespace Kpod.TokenWeighting.Learning;

/// <summary>The backward pass of an update, with a look at whether the loss is a number.</summary>
internal static class MaskLearningUpdate
{
    /// <summary>Computes the gradients of a loss.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="phase">Names the phase, for the message.</param>
    /// <param name="step">Optimizer step, from 0.</param>
    /// <param name="rationales">The batch, for the message.</param>
    /// <exception cref="WorkFailedException">The loss is not finite.</exception>
    public static void Backward(torch.Tensor loss, string phase, int step, IReadOnlyList<EncodedRationale> rationales)
    {
        var value = loss.cpu().item<float>();
        if (!float.IsFinite(value))
        {
            var keys = string.Join(", ", rationales.Select(rationale => rationale.Key));
            throw new WorkFailedException($"The loss of {phase} at step {step + 1} is {value} on {keys}. " +
                "Lower tokenWeights.predictorLearningRate or headLearningRate, or look at these rationales.");
        }

        loss.backward();
    }
}

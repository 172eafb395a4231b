using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using Kpod.Verification.Recorded;
using TorchSharp;

namespace Kpod.Verification.References.Methods;

/// <summary>The loss of one optimizer step and the norms of its gradient with respect to base weights.</summary>
internal static class StepGradient
{
    /// <summary>Computes them, micro-batch by micro-batch as training does.</summary>
    /// <param name="model">The model; its gradients are empty afterwards.</param>
    /// <param name="microBatches">The losses.</param>
    /// <param name="weights">Names of base weights.</param>
    /// <param name="place">Where they are recorded, for a message.</param>
    /// <returns>Loss, and the Frobenius norm for each weight.</returns>
    public static (double Loss, double[] Norms) Of(ILanguageModel model, IReadOnlyList<Func<LossSum>> microBatches, IReadOnlyList<string> weights, RecordedValue place)
    {
        var own = model.Weights.ToDictionary(weight => weight.Key, weight => weight.Value, StringComparer.Ordinal);
        torch.Tensor[] trained = [.. weights.Select(name => own.GetValueOrDefault(name) ?? throw place.Wrong($"names the weight '{name}', which the model does not have"))];
        foreach (var weight in trained)
        {
            weight.requires_grad_(true);
        }

        try
        {
            return Accumulate(microBatches, trained);
        }
        finally
        {
            foreach (var weight in trained)
            {
                weight.grad?.zero_();
                weight.requires_grad_(false);
            }
        }
    }

    private static (double Loss, double[] Norms) Accumulate(IReadOnlyList<Func<LossSum>> microBatches, torch.Tensor[] trained)
    {
        var (sum, normaliser) = (0.0, 0L);
        foreach (var microBatch in microBatches)
        {
            using var scope = torch.NewDisposeScope();
            var loss = microBatch();
            loss.Sum.backward();
            sum += loss.Sum.to(torch.ScalarType.Float64).cpu().item<double>();
            normaliser += loss.Normaliser;
        }

        using var outer = torch.NewDisposeScope();
        return (sum / normaliser, [.. trained.Select(weight => weight.grad!.to(torch.ScalarType.Float64).norm().cpu().item<double>() / normaliser)]);
    }
}

using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Tests.Distillation.Methods;

/// <summary>The loss of an optimizer step, as training adds it up.</summary>
internal static class StepLoss
{
    public static double Of(IReadOnlyList<MicroBatchLoss> microBatches)
    {
        var (sum, normaliser) = (0.0, 0L);
        foreach (var microBatch in LossMeans.Pool(microBatches))
        {
            using var scope = torch.NewDisposeScope();
            var loss = microBatch();
            sum += loss.Sum.to(torch.float64).cpu().item<double>();
            normaliser += loss.Normaliser;
        }

        return sum / normaliser;
    }
}

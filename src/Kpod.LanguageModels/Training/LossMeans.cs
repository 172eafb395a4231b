using TorchSharp;

namespace Kpod.LanguageModels.Training;

/// <summary>
/// Losses of several means under gradient accumulation. <see cref="OptimizerStep"/> divides once, by one number; so each sum is scaled beforehand by
/// factor · (label tokens of the step) / (its own normaliser over the step), and the division by the label tokens then leaves factor · mean. A single mean over label tokens with factor 1 is left as it is, to the bit.
/// </summary>
public static class LossMeans
{
    /// <summary>Joins the micro-batches of one optimizer step.</summary>
    /// <param name="microBatches">The losses, not yet computed.</param>
    /// <returns>What <see cref="OptimizerStep.Take"/> takes. The step's loss is sum over means of factor · sum / normaliser; a mean over nothing counts 0.</returns>
    /// <exception cref="ArgumentException">Two micro-batches give one mean different factors, or no label token is supervised.</exception>
    public static IReadOnlyList<Func<LossSum>> Pool(IReadOnlyList<MicroBatchLoss> microBatches)
    {
        var tokens = microBatches.Sum(batch => batch.SupervisedTokens);
        if (tokens == 0)
        {
            throw new ArgumentException("No token of the optimizer step is supervised, so there is nothing to learn.", nameof(microBatches));
        }

        var scales = microBatches.SelectMany(batch => batch.Means).GroupBy(mean => mean.Name, StringComparer.Ordinal).ToDictionary(mean => mean.Key, mean => Scale([.. mean], tokens), StringComparer.Ordinal);
        return [.. microBatches.Select(batch => (Func<LossSum>)(() => new LossSum(Sum(batch, scales), batch.SupervisedTokens)))];
    }

    private static double Scale(LossMean[] parts, long tokens)
    {
        if (parts.FirstOrDefault(part => part.Factor != parts[0].Factor) is { } other)
        {
            throw new ArgumentException($"The mean '{other.Name}' has the factors {parts[0].Factor} and {other.Factor} in one optimizer step.", nameof(parts));
        }

        var normaliser = parts.Sum(part => part.Normaliser);
        return normaliser == 0 ? 0 : parts[0].Factor * ((double)tokens / normaliser);
    }

    private static torch.Tensor Sum(MicroBatchLoss batch, Dictionary<string, double> scales)
    {
        using var scope = torch.NewDisposeScope();
        var scaled = batch.Sums().Zip(batch.Means, (sum, mean) => scales[mean.Name] is var scale && scale == 1 ? sum : sum.mul(scale));
        return scaled.Aggregate((sum, next) => sum.add(next)).MoveToOuterDisposeScope();
    }
}

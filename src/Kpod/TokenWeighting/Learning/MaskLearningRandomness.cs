using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Masks;
using TorchSharp;

namespace Kpod.TokenWeighting.Learning;

/// <summary>What is drawn for one update of mask learning.</summary>
internal static class MaskLearningRandomness
{
    /// <summary>
    /// Masks for training the predictor before anything has a price: half of the rationales stay whole, each of the others loses a share of its tokens that is
    /// drawn from 0 to 1, so that the predictor meets every keep rate.
    /// </summary>
    /// <param name="rationales">A batch.</param>
    /// <param name="random">Draws.</param>
    /// <param name="device">Where the mask shall be.</param>
    /// <returns>(rationales, tokens), float32, 0 or 1.</returns>
    public static torch.Tensor RandomMasks(IReadOnlyList<EncodedRationale> rationales, Random random, torch.Device device)
    {
        double[] maskedShares = [.. rationales.Select(_ => Math.Max(0, (2 * random.NextDouble()) - 1))];
        return RationaleBatch.Values(rationales, (row, _) => random.NextDouble() >= maskedShares[row] ? 1 : 0, device);
    }

    /// <summary>U of Eq. 4's sample.</summary>
    /// <param name="rationales">A batch.</param>
    /// <param name="random">Draws.</param>
    /// <param name="device">Where the tensor shall be.</param>
    /// <returns>(rationales, tokens), float32, in [0, 1).</returns>
    public static torch.Tensor Uniform(IReadOnlyList<EncodedRationale> rationales, Random random, torch.Device device) =>
        RationaleBatch.Values(rationales, (_, _) => random.NextSingle(), device);

    /// <summary>
    /// One offset b for all logits of a rationale, uniform between two bounds. Over a batch the offsets are stratified, one from each of as many equal parts in
    /// random order: the same distribution, but no batch sees high keep rates only.
    /// </summary>
    /// <param name="rationales">Rationales of the batch.</param>
    /// <param name="low">Least offset, in nat.</param>
    /// <param name="high">Greatest offset, in nat.</param>
    /// <param name="random">Draws.</param>
    /// <param name="device">Where the tensor shall be.</param>
    /// <returns>(rationales, 1), float32.</returns>
    public static torch.Tensor BudgetNoise(int rationales, double low, double high, Random random, torch.Device device)
    {
        var parts = Enumerable.Range(0, rationales).ToArray();
        random.Shuffle(parts);
        float[] offsets = [.. parts.Select(part => (float)(low + ((high - low) * (part + random.NextDouble()) / rationales)))];
        return torch.tensor(offsets, device: device).unsqueeze(1);
    }
}

using Kpod.RationaleGeneration.Rationales;
using TorchSharp;

namespace Kpod.TokenWeighting.Masks;

/// <summary>Rationales of a batch as padded tensors: (rationales, tokens of the longest).</summary>
internal static class RationaleBatch
{
    /// <summary>Token ids, 0 in the padding.</summary>
    /// <param name="rationales">The batch.</param>
    /// <param name="device">Where the tensor shall be.</param>
    /// <returns>(rationales, tokens), int64.</returns>
    public static torch.Tensor Ids(IReadOnlyList<EncodedRationale> rationales, torch.Device device) =>
        torch.tensor(Pad(rationales, (row, token) => (long)rationales[row].RationaleTokens[token].Id), device: device);

    /// <summary>1 at tokens, 0 in the padding.</summary>
    /// <param name="rationales">The batch.</param>
    /// <param name="device">Where the tensor shall be.</param>
    /// <returns>(rationales, tokens), float32.</returns>
    public static torch.Tensor TokenMask(IReadOnlyList<EncodedRationale> rationales, torch.Device device) => Values(rationales, (_, _) => 1f, device);

    /// <summary>A value for each token, 0 in the padding.</summary>
    /// <param name="rationales">The batch.</param>
    /// <param name="value">Gives the value of a row's token; called row by row, token by token.</param>
    /// <param name="device">Where the tensor shall be.</param>
    /// <returns>(rationales, tokens), float32.</returns>
    public static torch.Tensor Values(IReadOnlyList<EncodedRationale> rationales, Func<int, int, float> value, torch.Device device) =>
        torch.tensor(Pad(rationales, value), device: device);

    private static T[,] Pad<T>(IReadOnlyList<EncodedRationale> rationales, Func<int, int, T> value)
    {
        var values = new T[rationales.Count, rationales.Max(rationale => rationale.RationaleTokens.Length)];
        for (var row = 0; row < rationales.Count; row++)
        {
            for (var token = 0; token < rationales[row].RationaleTokens.Length; token++)
            {
                values[row, token] = value(row, token);
            }
        }

        return values;
    }
}

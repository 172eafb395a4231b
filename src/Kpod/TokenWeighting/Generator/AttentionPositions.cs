using TorchSharp;

namespace Kpod.TokenWeighting.Generator;

/// <summary>How a self-attention layer knows the order of its tokens.</summary>
internal abstract record AttentionPositions
{
    private AttentionPositions()
    {
    }

    /// <summary>Rotary positions: dimension i of a query or key is turned with dimension i + half (LLaMA).</summary>
    /// <param name="InverseFrequencies">(half of the head width), float32.</param>
    public sealed record Rotary(torch.Tensor InverseFrequencies) : AttentionPositions;

    /// <summary>A learned bias per head and bucket of distance, both directions apart (T5's encoder).</summary>
    /// <param name="Bias">(buckets, heads), float32, trained.</param>
    /// <param name="MaximumDistance">From this distance on all tokens share a bucket.</param>
    public sealed record RelativeBias(torch.Tensor Bias, int MaximumDistance) : AttentionPositions;
}

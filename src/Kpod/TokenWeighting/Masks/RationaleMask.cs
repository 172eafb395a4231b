using Kpod.TokenWeighting.Options;
using TorchSharp;

namespace Kpod.TokenWeighting.Masks;

/// <summary>The mask m of Eq. 4, and what it makes of a rationale's tokens.</summary>
internal static class RationaleMask
{
    // log U and log(1 - U) stay finite.
    private const double SmallestUniform = 1e-6;

    /// <summary>
    /// m = GumbelSoftmax(w) (Eq. 4). Over the two classes "kept" and "masked" it is the binary concrete sigmoid((s + log U - log(1 - U)) / tau), computed from
    /// the logit s, never from log w. Made hard, P(m = 1) = w for every tau.
    /// </summary>
    /// <param name="logits">s, (rationales, tokens), float32.</param>
    /// <param name="uniform">U, of the same shape, each drawn from [0, 1).</param>
    /// <param name="temperature">tau, above 0.</param>
    /// <param name="sampling">Soft, or 0 and 1 with the gradient of the soft sample.</param>
    /// <returns>m, (rationales, tokens), float32; 1 keeps, 0 masks.</returns>
    public static torch.Tensor Sample(torch.Tensor logits, torch.Tensor uniform, double temperature, MaskSampling sampling)
    {
        using var scope = torch.NewDisposeScope();
        var u = uniform.clamp(SmallestUniform, 1 - SmallestUniform);
        var soft = ((logits + u.log() - (1 - u).log()) / temperature).sigmoid();
        if (sampling == MaskSampling.Soft)
        {
            return soft.MoveToOuterDisposeScope();
        }

        var hard = soft.gt(0.5).to(soft.dtype);
        return (hard + soft - soft.detach()).MoveToOuterDisposeScope();
    }

    /// <summary>Hides the masked tokens: x_j = m_j E(r_j) + (1 - m_j) v, or m_j E(r_j) without a placeholder. The position stays.</summary>
    /// <param name="embeddings">E(r), (rationales, tokens, width), float32.</param>
    /// <param name="mask">m, (rationales, tokens).</param>
    /// <param name="placeholder">v, (width), or null.</param>
    /// <returns>x, (rationales, tokens, width), float32.</returns>
    public static torch.Tensor Apply(torch.Tensor embeddings, torch.Tensor mask, torch.Tensor? placeholder)
    {
        using var scope = torch.NewDisposeScope();
        var keep = mask.unsqueeze(-1);
        var kept = embeddings * keep;
        return (placeholder is null ? kept : kept + ((1 - keep) * placeholder)).MoveToOuterDisposeScope();
    }
}

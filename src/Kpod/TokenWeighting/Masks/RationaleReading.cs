using TorchSharp;

namespace Kpod.TokenWeighting.Masks;

/// <summary>A batch of rationales on its way through the weighting module.</summary>
/// <param name="TokenMask">(rationales, tokens), float32: 1 for a token, 0 for padding.</param>
/// <param name="Maskable">What the mask is applied to, (rationales, tokens, width), float32.</param>
/// <param name="Logits">s of Eq. 3, (rationales, tokens), float32; null where it was not asked for.</param>
internal sealed record RationaleReading(torch.Tensor TokenMask, torch.Tensor Maskable, torch.Tensor? Logits);

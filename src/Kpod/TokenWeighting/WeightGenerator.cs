using Kpod.Models;
using Kpod.Training;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.TokenWeighting;

/// <summary>
/// Gives every token of a rationale its weight: e = Att(Emb(r)) (Eq. 2), w = sigmoid(f_w(e)) (Eq. 3). Att is one self-attention layer copied from a pretrained
/// model, f_w a two-layer perceptron. The logit s before the sigmoid is what the rest computes with.
/// </summary>
internal sealed class WeightGenerator : IDisposable
{
    // The paper gives no width; methods.md (g)1.
    private const int InnerWidth = 256;

    // w starts near 0.88, "almost nothing masked", so that the predictor's gradient tells tokens apart before the price does.
    private const float InitialLogit = 2;

    private readonly SelfAttention _attention;
    private readonly torch.Tensor _norm;
    private readonly torch.Tensor _innerWeight;
    private readonly torch.Tensor _innerBias;
    private readonly torch.Tensor _outerWeight;
    private readonly torch.Tensor _outerBias;

    /// <summary>Takes the attention layer and draws the perceptron.</summary>
    /// <param name="attention">Owned from now on.</param>
    /// <param name="seed">Decides the perceptron's first weights.</param>
    public WeightGenerator(SelfAttention attention, long seed)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator((ulong)seed);
        var (width, device) = (attention.Width, attention.Norm.device);
        _attention = attention;
        _norm = Trained(torch.ones(width), device);
        _innerWeight = Trained(torch.randn(InnerWidth, width, generator: generator) / Math.Sqrt(width), device);
        _innerBias = Trained(torch.zeros(InnerWidth), device);
        _outerWeight = Trained(torch.randn(1, InnerWidth, generator: generator) / Math.Sqrt(InnerWidth), device);
        _outerBias = Trained(torch.full(1, InitialLogit), device);
    }

    /// <summary>Everything that is trained.</summary>
    public IReadOnlyList<NamedParameter> Parameters =>
    [
        .. _attention.Parameters,
        new("perceptron.norm", _norm), new("perceptron.inner.weight", _innerWeight), new("perceptron.inner.bias", _innerBias),
        new("perceptron.outer.weight", _outerWeight), new("perceptron.outer.bias", _outerBias),
    ];

    /// <summary>e = Att(Emb(r)) (Eq. 2).</summary>
    /// <param name="embeddings">(rationales, tokens, width), float32.</param>
    /// <param name="tokenMask">(rationales, tokens), float32: 1 for a token, 0 for padding.</param>
    /// <returns>(rationales, tokens, width).</returns>
    public torch.Tensor Contextualise(torch.Tensor embeddings, torch.Tensor tokenMask) => _attention.Forward(embeddings, tokenMask);

    /// <summary>s = f_w(e), so that w = sigmoid(s) (Eq. 3).</summary>
    /// <param name="contextual">e, (rationales, tokens, width).</param>
    /// <returns>s, (rationales, tokens).</returns>
    public torch.Tensor Logits(torch.Tensor contextual)
    {
        using var scope = torch.NewDisposeScope();
        var normed = RmsNorm.Apply(contextual, _norm, _attention.NormEpsilon);
        var inner = functional.relu(functional.linear(normed, _innerWeight, _innerBias));
        return functional.linear(inner, _outerWeight, _outerBias).squeeze(-1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attention.Dispose();
        foreach (var tensor in new[] { _norm, _innerWeight, _innerBias, _outerWeight, _outerBias })
        {
            tensor.Dispose();
        }
    }

    private static torch.Tensor Trained(torch.Tensor start, torch.Device device) => start.to(device).DetachFromDisposeScope().requires_grad_(true);
}

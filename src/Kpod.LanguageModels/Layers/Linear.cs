using Kpod.LanguageModels.Quantisation;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.Layers;

/// <summary>A linear map y = W x + b with an optional LoRA pair: y = W x + b + scaling · B (A x).</summary>
public sealed class Linear : IDisposable
{
    private readonly torch.Tensor? _weight;
    private readonly QuantisedWeight? _quantised;

    /// <summary>Takes the map's weights.</summary>
    /// <param name="name">Published name of the module, without <c>.weight</c>.</param>
    /// <param name="weight">(outputs, inputs); owned from now on.</param>
    /// <param name="bias">(outputs) or null; owned from now on.</param>
    public Linear(string name, torch.Tensor weight, torch.Tensor? bias = null)
    {
        Name = name;
        Bias = bias;
        _weight = weight;
        (Outputs, Inputs) = (weight.shape[0], weight.shape[1]);
    }

    /// <summary>Takes a frozen map whose weight stays quantised.</summary>
    /// <param name="name">As above.</param>
    /// <param name="weight">(outputs, inputs); owned from now on.</param>
    /// <param name="bias">(outputs) or null; owned from now on.</param>
    internal Linear(string name, QuantisedWeight weight, torch.Tensor? bias = null)
    {
        Name = name;
        Bias = bias;
        _quantised = weight;
        (Outputs, Inputs) = (weight.Rows, weight.Columns);
    }

    /// <summary>Published name of the module, such as <c>model.layers.0.self_attn.q_proj</c>.</summary>
    public string Name { get; }

    /// <summary>Width of its results.</summary>
    public long Outputs { get; }

    /// <summary>Width of what it takes.</summary>
    public long Inputs { get; }

    /// <summary>Whether the weight stays quantised and is decoded for each product.</summary>
    public bool IsQuantised => _quantised is not null;

    /// <summary>(outputs, inputs).</summary>
    /// <exception cref="InvalidOperationException">The weight stays quantised; see <see cref="DenseWeight"/>.</exception>
    public torch.Tensor Weight => _weight ?? throw new InvalidOperationException($"The weight of {Name} stays quantised; there is no tensor of its numbers.");

    /// <summary>Type in which its products are computed.</summary>
    internal torch.ScalarType WeightType => _quantised?.Type ?? Weight.dtype;

    /// <summary>(outputs), or null.</summary>
    public torch.Tensor? Bias { get; }

    /// <summary>The adapter on this map, or null. Setting it does not dispose of the old one.</summary>
    public LoraPair? Lora { get; set; }

    /// <summary>Whether no gradient is wanted for weight and bias.</summary>
    internal bool IsFrozen => _weight?.requires_grad != true && Bias?.requires_grad != true;

    /// <summary>Applies the map.</summary>
    /// <param name="x">(…, inputs).</param>
    /// <returns>(…, outputs).</returns>
    public torch.Tensor Forward(torch.Tensor x)
    {
        var y = _quantised is null ? functional.linear(x, Weight, Bias) : _quantised.Apply(x, Bias);
        if (Lora is null)
        {
            return y;
        }

        var (a, b) = Lora.As(x.dtype);
        var low = functional.linear(x, a);
        var shape = y.shape;
        return torch.addmm(y.view(-1, shape[^1]), low.view(-1, low.shape[^1]), b.t(), beta: 1f, alpha: (float)Lora.Scaling).view(shape);
    }

    /// <summary>The weight as numbers, to be read and not written.</summary>
    /// <returns>(outputs, inputs): another handle of <see cref="Weight"/>, or decoded; it belongs to the current dispose scope, if any.</returns>
    public torch.Tensor DenseWeight() => _quantised?.Decode() ?? Weight.alias();

    /// <summary>Computes something with the weight as numbers.</summary>
    /// <param name="use">Is given (outputs, inputs); what it gives must not share its memory.</param>
    /// <returns>What <paramref name="use"/> gave.</returns>
    internal torch.Tensor Weighted(Func<torch.Tensor, torch.Tensor> use) => _quantised?.With(use) ?? use(Weight);

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight?.Dispose();
        _quantised?.Dispose();
        Bias?.Dispose();
        Lora?.Dispose();
    }
}

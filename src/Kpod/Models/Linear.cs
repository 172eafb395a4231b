using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.Models;

/// <summary>A linear map y = W x + b with an optional LoRA pair: y = W x + b + scaling · B (A x).</summary>
public sealed class Linear : IDisposable
{
    /// <summary>Takes the map's weights.</summary>
    /// <param name="name">Published name of the module, without <c>.weight</c>.</param>
    /// <param name="weight">(outputs, inputs); owned from now on.</param>
    /// <param name="bias">(outputs) or null; owned from now on.</param>
    public Linear(string name, torch.Tensor weight, torch.Tensor? bias = null)
    {
        Name = name;
        Weight = weight;
        Bias = bias;
    }

    /// <summary>Published name of the module, such as <c>model.layers.0.self_attn.q_proj</c>.</summary>
    public string Name { get; }

    /// <summary>(outputs, inputs).</summary>
    public torch.Tensor Weight { get; }

    /// <summary>(outputs), or null.</summary>
    public torch.Tensor? Bias { get; }

    /// <summary>The adapter on this map, or null. Setting it does not dispose of the old one.</summary>
    public LoraPair? Lora { get; set; }

    /// <summary>Applies the map.</summary>
    /// <param name="x">(…, inputs).</param>
    /// <returns>(…, outputs).</returns>
    public torch.Tensor Forward(torch.Tensor x)
    {
        var y = functional.linear(x, Weight, Bias);
        if (Lora is null)
        {
            return y;
        }

        // float32 adapters on a bfloat16 base: the small matrices are cast, not the activations.
        var a = Lora.A.dtype == x.dtype ? Lora.A : Lora.A.to(x.dtype);
        var b = Lora.B.dtype == x.dtype ? Lora.B : Lora.B.to(x.dtype);
        var low = functional.linear(x, a);
        var shape = y.shape;
        return torch.addmm(y.view(-1, shape[^1]), low.view(-1, low.shape[^1]), b.t(), beta: 1f, alpha: (float)Lora.Scaling).view(shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weight.Dispose();
        Bias?.Dispose();
        Lora?.Dispose();
    }
}

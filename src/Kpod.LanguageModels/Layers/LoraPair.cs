using TorchSharp;

namespace Kpod.LanguageModels.Layers;

/// <summary>The low-rank update scaling · B A of one linear map (Hu et al., 2022).</summary>
public sealed class LoraPair : IDisposable
{
    /// <summary>Takes the two factors.</summary>
    /// <param name="a">(rank, inputs); owned from now on.</param>
    /// <param name="b">(outputs, rank); owned from now on.</param>
    /// <param name="scaling">alpha / rank, or alpha / √rank for rank-stabilised adapters.</param>
    public LoraPair(torch.Tensor a, torch.Tensor b, double scaling)
    {
        A = a;
        B = b;
        Scaling = scaling;
    }

    /// <summary>(rank, inputs).</summary>
    public torch.Tensor A { get; }

    /// <summary>(outputs, rank).</summary>
    public torch.Tensor B { get; }

    /// <summary>What the update is multiplied by.</summary>
    public double Scaling { get; }

    /// <summary>The factors for products of a type: float32 adapters stand on a bfloat16 base, and the small matrices are cast, not the activations.</summary>
    /// <param name="type">The type.</param>
    /// <returns>A and B.</returns>
    internal (torch.Tensor A, torch.Tensor B) As(torch.ScalarType type) => (A.dtype == type ? A : A.to(type), B.dtype == type ? B : B.to(type));

    /// <inheritdoc/>
    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}

using TorchSharp;

namespace Kpod.Models;

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

    /// <inheritdoc/>
    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}

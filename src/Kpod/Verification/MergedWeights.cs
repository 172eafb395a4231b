using Kpod.Models;
using TorchSharp;

namespace Kpod.Verification;

/// <summary>A model whose adapter is merged into its weights, W + scaling · B A, until this is disposed of; then all is as before, to the bit.</summary>
internal sealed class MergedWeights : IDisposable
{
    private readonly List<(Linear Linear, LoraPair Pair, torch.Tensor Before)> _merged = [];

    /// <summary>Merges the adapter that a model carries.</summary>
    /// <param name="model">The model.</param>
    public MergedWeights(ILanguageModel model)
    {
        using var noGradient = torch.no_grad();
        foreach (var linear in model.Linears)
        {
            if (linear.Lora is { } pair)
            {
                using var scope = torch.NewDisposeScope();
                _merged.Add((linear, pair, linear.Weight.clone().DetachFromDisposeScope()));
                linear.Weight.add_(torch.mm(pair.B, pair.A).mul(pair.Scaling).to(linear.Weight.dtype));
                linear.Lora = null;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var noGradient = torch.no_grad();
        foreach (var (linear, pair, before) in _merged)
        {
            using var scope = torch.NewDisposeScope();
            linear.Weight.copy_(before);
            linear.Lora = pair;
            before.Dispose();
        }
    }
}

using Kpod.LanguageModels;
using Kpod.LanguageModels.Export;
using Kpod.LanguageModels.Layers;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>A model whose adapter is merged into its weights, as an export does it, until this is disposed of; then all is as before, to the bit.</summary>
internal sealed class MergedAdapter : IDisposable
{
    private readonly List<(Linear Linear, LoraPair Pair, torch.Tensor Before)> _merged = [];

    /// <summary>Merges the adapter that a model carries.</summary>
    /// <param name="model">The model.</param>
    public MergedAdapter(ILanguageModel model)
    {
        using var noGradient = torch.no_grad();
        foreach (var linear in model.Linears)
        {
            if (linear.Lora is { } pair)
            {
                using var scope = torch.NewDisposeScope();
                _merged.Add((linear, pair, linear.Weight.clone().DetachFromDisposeScope()));
                linear.Weight.copy_(MergedWeights.Merge(linear));
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

using Kpod.LanguageModels;
using TorchSharp;

namespace Kpod.TokenWeighting.Predictors;

/// <summary>How the learned placeholder v starts: as the embedding of a token that means "something unknown here".</summary>
internal static class PlaceholderVector
{
    /// <summary>Starts from a token of a model's own vocabulary.</summary>
    /// <param name="model">The model.</param>
    /// <param name="id">The unknown token's id, or an end token's; null for the mean embedding.</param>
    /// <returns>(hidden), float32, trained; belongs to no dispose scope.</returns>
    public static torch.Tensor FromToken(ILanguageModel model, int? id)
    {
        using var scope = torch.NewDisposeScope();
        var table = model.InputEmbedding.detach();
        var row = id is { } known ? table[known] : table.to(torch.ScalarType.Float32).mean([0]);
        return row.to(torch.ScalarType.Float32, copy: true).DetachFromDisposeScope().requires_grad_(true);
    }
}

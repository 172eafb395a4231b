using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Layers;
using TorchSharp;

namespace Kpod.LanguageModels.Export;

/// <summary>The weights of a model with its adapter worked in: W + scaling · B A for each adapted linear map, computed in float32 when it is written and rounded once, to the type of the file.</summary>
internal static class MergedWeights
{
    /// <summary>Lists the weights.</summary>
    /// <param name="model">The model, with an adapter or without; it stays as it is.</param>
    /// <returns>The weights under their published names.</returns>
    public static IReadOnlyList<TensorSource> Of(ILanguageModel model)
    {
        var adapted = model.Linears.Where(linear => linear.Lora is not null).ToDictionary(linear => $"{linear.Name}.weight", StringComparer.Ordinal);
        return
        [
            .. model.Weights.Select(weight => adapted.TryGetValue(weight.Key, out var linear)
                ? new TensorSource(weight.Key, weight.Value.shape, () => Merge(linear))
                : TensorSource.Of(weight.Key, weight.Value)),
            .. model.Linears.Where(linear => linear.IsQuantised).Select(linear =>
                new TensorSource($"{linear.Name}.weight", [linear.Outputs, linear.Inputs], () => linear.Lora is null ? linear.DenseWeight() : Merge(linear))),
        ];
    }

    /// <summary>The weight of one adapted map with its adapter worked in.</summary>
    /// <param name="linear">The map; it stays as it is.</param>
    /// <returns>(outputs, inputs), float32.</returns>
    internal static torch.Tensor Merge(Linear linear)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var update = linear.Lora!.B.mm(linear.Lora.A).mul_(linear.Lora.Scaling);
        return update.add_(linear.DenseWeight()).MoveToOuterDisposeScope();
    }
}

using TorchSharp;

namespace Kpod.LanguageModels.Layers;

/// <summary>Takes linear maps from a weight source and lists their weights under the published names.</summary>
internal static class LinearWeights
{
    /// <summary>Takes a linear map.</summary>
    /// <param name="source">Where its weights come from.</param>
    /// <param name="name">Published name of the module.</param>
    /// <param name="outputs">Rows of its weight.</param>
    /// <param name="inputs">Columns of its weight.</param>
    /// <param name="bias">Whether it has a bias.</param>
    /// <returns>The map, which owns its weights.</returns>
    public static Linear TakeLinear(this IWeightSource source, string name, long outputs, long inputs, bool bias = false)
    {
        var summand = bias ? source.Take($"{name}.bias", outputs) : null;
        return source.TakeQuantised($"{name}.weight", outputs, inputs) is { } quantised
            ? new Linear(name, quantised, summand)
            : new Linear(name, source.Take($"{name}.weight", outputs, inputs), summand);
    }

    /// <summary>Takes a linear map that computes in float32 whatever type the model has.</summary>
    /// <param name="source">Where its weight comes from.</param>
    /// <param name="name">Published name of the module.</param>
    /// <param name="outputs">Rows of its weight.</param>
    /// <param name="inputs">Columns of its weight.</param>
    /// <returns>The map, which owns its weight.</returns>
    public static Linear TakeFloat32Linear(this IWeightSource source, string name, long outputs, long inputs) =>
        source.TakeQuantised($"{name}.weight", outputs, inputs) is { } quantised
            ? new Linear(name, quantised.InFloat32())
            : new Linear(name, source.TakeFloat32($"{name}.weight", outputs, inputs).Weight);

    /// <summary>Takes a weight that is held in float32 whatever type the model has.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="name">Its published name.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The weight in float32, and the type that the source gave it.</returns>
    public static (torch.Tensor Weight, torch.ScalarType Type) TakeFloat32(this IWeightSource source, string name, params ReadOnlySpan<long> shape)
    {
        var taken = source.Take(name, shape);
        if (taken.dtype == torch.ScalarType.Float32)
        {
            return (taken, taken.dtype);
        }

        using (taken)
        {
            return (taken.to(torch.ScalarType.Float32).DetachFromDisposeScope(), taken.dtype);
        }
    }

    /// <summary>Lists the base weights of a linear map.</summary>
    /// <param name="linear">The map.</param>
    /// <returns>Weight, unless it stays quantised, and, where there is one, bias.</returns>
    public static IEnumerable<KeyValuePair<string, torch.Tensor>> Weights(this Linear linear)
    {
        if (!linear.IsQuantised)
        {
            yield return new($"{linear.Name}.weight", linear.Weight);
        }

        if (linear.Bias is not null)
        {
            yield return new($"{linear.Name}.bias", linear.Bias);
        }
    }
}

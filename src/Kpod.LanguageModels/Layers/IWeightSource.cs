using Kpod.LanguageModels.Quantisation;
using TorchSharp;

namespace Kpod.LanguageModels.Layers;

/// <summary>Hands a model its weights by their published names: from a checkpoint, or freshly drawn for training from nothing.</summary>
public interface IWeightSource
{
    /// <summary>Whether a weight of this name exists.</summary>
    /// <param name="name">The published name, such as <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
    /// <returns>True if <see cref="Take"/> would give it.</returns>
    bool Contains(string name);

    /// <summary>Gives a weight to the caller, who owns it from then on; it belongs to no dispose scope.</summary>
    /// <param name="name">The published name.</param>
    /// <param name="shape">The shape that the configuration asks for.</param>
    /// <returns>The weight, in the type and on the device that the model was asked to have.</returns>
    /// <exception cref="KpodException">The weight is missing or has another shape; the message names file, weight and both shapes.</exception>
    torch.Tensor Take(string name, params ReadOnlySpan<long> shape);

    /// <summary>Gives the matrix of a linear map to the caller in the quantised blocks in which it is stored.</summary>
    /// <param name="name">The published name.</param>
    /// <param name="outputs">Its rows.</param>
    /// <param name="inputs">Its columns.</param>
    /// <returns>Null where it is not quantised or shall be decoded when it is loaded; <see cref="Take"/> gives it then.</returns>
    /// <exception cref="KpodException">As for <see cref="Take"/>.</exception>
    internal QuantisedWeight? TakeQuantised(string name, long outputs, long inputs) => null;

    /// <summary>How messages call a weight.</summary>
    /// <param name="name">The published name.</param>
    /// <returns>File and name, where there is a file.</returns>
    internal string Describe(string name) => $"the weight '{name}'";
}

using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Layers;
using TorchSharp;

namespace Kpod.LanguageModels.T5;

/// <summary>T5's root-mean-square norm: in float32, handing its result on in the type of the weights.</summary>
internal sealed class T5Norm
{
    private readonly torch.Tensor _weight;
    private readonly torch.ScalarType _type;
    private readonly double _epsilon;
    private readonly string _name;

    /// <summary>Takes its weight.</summary>
    /// <param name="name">Published name of the module.</param>
    /// <param name="configuration">The model's shape.</param>
    /// <param name="weights">Where the weight comes from.</param>
    public T5Norm(string name, T5Configuration configuration, IWeightSource weights)
    {
        _name = $"{name}.weight";
        _epsilon = configuration.NormEpsilon;
        (_weight, _type) = weights.TakeFloat32(_name, configuration.HiddenSize);
    }

    /// <summary>The weight, in float32, under its published name.</summary>
    public KeyValuePair<string, torch.Tensor> Named => new(_name, _weight);

    /// <summary>Normalises over the last dimension.</summary>
    /// <param name="states">(…, hidden), float32.</param>
    /// <returns>(…, hidden), of the type that the weight was published in.</returns>
    public torch.Tensor Forward(torch.Tensor states) => RmsNorm.Apply(states, _weight, _epsilon).to(_type);
}

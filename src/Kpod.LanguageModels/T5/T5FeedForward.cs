using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Native;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.T5;

/// <summary>T5's feed-forward part: ReLU (v1.0) or gated GELU (v1.1) between two widths; its output map is float32 whatever the other weights are.</summary>
internal sealed class T5FeedForward
{
    private readonly Linear _inner;
    private readonly Linear? _gated;
    private readonly Linear _outer;

    /// <summary>Takes its weights.</summary>
    /// <param name="layer">Published name of the layer.</param>
    /// <param name="configuration">The model's shape.</param>
    /// <param name="weights">Where the weights come from.</param>
    public T5FeedForward(string layer, T5Configuration configuration, IWeightSource weights)
    {
        var (inner, hidden, module) = (configuration.FeedForwardSize, configuration.HiddenSize, $"{layer}.DenseReluDense");
        _inner = weights.TakeLinear(configuration.GatedGelu ? $"{module}.wi_0" : $"{module}.wi", inner, hidden);
        _gated = configuration.GatedGelu ? weights.TakeLinear($"{module}.wi_1", inner, hidden) : null;
        _outer = weights.TakeFloat32Linear($"{module}.wo", hidden, inner);
        Groups = _gated is null ? [new(_inner), new(_outer)] : [new(_inner, _gated), new(_outer)];
        Norm = new T5Norm($"{layer}.layer_norm", configuration, weights);
    }

    /// <summary>The norm before it.</summary>
    public T5Norm Norm { get; }

    /// <summary>Its maps in the published order.</summary>
    public IReadOnlyList<Linear> Linears => _gated is null ? [_inner, _outer] : [_inner, _gated, _outer];

    /// <summary>Maps of one input: the one or two from the stream; the one back into it.</summary>
    public IReadOnlyList<LinearGroup> Groups { get; }

    /// <summary>Applies it.</summary>
    /// <param name="states">The stream, (…, hidden), float32.</param>
    /// <returns>The stream with its result added.</returns>
    public torch.Tensor AddTo(torch.Tensor states)
    {
        var inner = Groups[0].Forward(Norm.Forward(states));
        var activated = _gated is null ? functional.relu(inner[0]) : AtenOperator.GeluTanh(inner[0]).mul(inner[1]);
        return states.add(Groups[1].Forward(activated.to(torch.ScalarType.Float32))[0]);
    }
}

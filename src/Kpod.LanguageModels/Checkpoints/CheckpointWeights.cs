using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Quantisation;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints;

/// <summary>The weights of a checkpoint, handed to a model in the type and on the device that it was asked to have.</summary>
internal sealed class CheckpointWeights : IWeightSource, IDisposable
{
    private readonly IStoredTensors _stored;
    private readonly torch.ScalarType _type;
    private readonly torch.Device _device;
    private readonly bool _keepsQuantised;
    private readonly DecodingRoom _room = new();
    private readonly Dictionary<string, torch.Tensor> _taken = new(StringComparer.Ordinal);

    /// <summary>Hands out stored tensors.</summary>
    /// <param name="stored">Where they lie; owned from now on.</param>
    /// <param name="type">Type of the weights handed out.</param>
    /// <param name="device">Where the weights go.</param>
    /// <param name="keepsQuantised">Whether the matrices of linear maps that are quantised stay so, in main memory.</param>
    internal CheckpointWeights(IStoredTensors stored, torch.ScalarType type, torch.Device device, bool keepsQuantised = false)
    {
        _stored = stored;
        _type = type;
        _device = device;
        _keepsQuantised = keepsQuantised;
    }

    /// <summary>The weights that the checkpoint holds and nobody took so far, in alphabetical order.</summary>
    public IReadOnlyList<string> Untaken => [.. _stored.Names.Where(name => !_taken.ContainsKey(name)).Order(StringComparer.Ordinal)];

    /// <summary>Opens the weights of a safetensors file, or of a folder with one or with shards.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="type">Type of the weights handed out.</param>
    /// <param name="device">Where the weights go.</param>
    /// <returns>The open weights; dispose of them when the model is built.</returns>
    /// <exception cref="KpodException">There are no weights, or their file is unsound.</exception>
    public static CheckpointWeights OpenSafetensors(string path, torch.ScalarType type, torch.Device device) =>
        new(SafetensorsSet.Open(path), type, device);

    /// <inheritdoc/>
    public bool Contains(string name) => _stored.ShapeOf(name) is not null;

    /// <inheritdoc/>
    public torch.Tensor Take(string name, params ReadOnlySpan<long> shape)
    {
        CheckShape(name, shape);
        using var scope = torch.NewDisposeScope();
        var tensor = _stored.Read(name, _type == torch.ScalarType.BFloat16 ? _type : torch.ScalarType.Float32);
        if (!tensor.is_floating_point())
        {
            throw new KpodException($"{_stored.Describe(name)} holds {tensor.dtype} numbers, which cannot be a weight; it must be floating point.");
        }

        return _taken[name] = tensor.to(_type, _device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    QuantisedWeight? IWeightSource.TakeQuantised(string name, long outputs, long inputs)
    {
        if (!_keepsQuantised)
        {
            return null;
        }

        CheckShape(name, [outputs, inputs]);
        if (_stored.ReadBlocks(name) is not { } stored)
        {
            return null;
        }

        _taken[name] = stored.Blocks.DetachFromDisposeScope();
        return new QuantisedWeight(stored.Blocks, inputs, stored.Type.Decode!.Invoke, _room, _type, _device);
    }

    /// <inheritdoc/>
    string IWeightSource.Describe(string name) => _stored.Describe(name);

    /// <summary>Disposes of every weight handed out: what a model leaves behind whose building failed.</summary>
    internal void DiscardTaken()
    {
        foreach (var weight in _taken.Values)
        {
            weight.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stored.Dispose();

    private void CheckShape(string name, ReadOnlySpan<long> shape)
    {
        var stored = _stored.ShapeOf(name)
            ?? throw new KpodException($"{_stored.Describe(name)} is missing; the configuration asks for it with the shape {TensorSize.Text(shape.ToArray())}.");
        if (!shape.SequenceEqual([.. stored]))
        {
            throw new KpodException($"{_stored.Describe(name)} has the shape {TensorSize.Text(stored)}, but the configuration asks for {TensorSize.Text(shape.ToArray())}.");
        }
    }
}

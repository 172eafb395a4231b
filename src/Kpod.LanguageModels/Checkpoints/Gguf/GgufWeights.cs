using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.Quantisation;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>The weights of a GGUF model under their published names and in their published order of rows.</summary>
internal sealed class GgufWeights : IStoredTensors
{
    private readonly GgufFile _file;
    private readonly GgufNames _names;
    private readonly LlamaConfiguration? _permuted;
    private readonly Dictionary<string, string> _tensorOfName = new(StringComparer.Ordinal);

    /// <summary>Takes the tensors of a file.</summary>
    /// <param name="file">The file; disposed of with this.</param>
    /// <param name="configuration">The shape that <see cref="GgufConfiguration"/> read from it.</param>
    public GgufWeights(GgufFile file, ModelConfiguration configuration)
    {
        _file = file;
        _names = configuration is T5Configuration t5 ? GgufNames.T5(t5.GatedGelu) : GgufNames.Llama;

        // llama.cpp's converter does this to the architecture "llama" alone (Mistral among it).
        _permuted = configuration is LlamaConfiguration { Family: "llama" } llama ? llama : null;
        foreach (var tensor in file.Tensors.Keys.Where(tensor => tensor != GgufConfiguration.RopeFactors))
        {
            // A tensor without a published name keeps its own, so that it is found among those that nobody takes.
            _tensorOfName[_names.Published(tensor) ?? tensor] = tensor;
        }
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _tensorOfName.Keys;

    /// <inheritdoc/>
    public IReadOnlyList<long>? ShapeOf(string name) => _tensorOfName.TryGetValue(name, out var tensor) ? _file.Tensors[tensor].Shape : null;

    /// <inheritdoc/>
    public string Describe(string name)
    {
        var tensor = _tensorOfName.GetValueOrDefault(name) ?? _names.Gguf(name) ?? name;
        var path = _file.Tensors.TryGetValue(tensor, out var found) ? found.File.Path : Path;
        return $"{path}: the weight '{tensor}' ({name})";
    }

    /// <inheritdoc/>
    public torch.Tensor Read(string name, torch.ScalarType decodedTo = torch.ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        var tensor = _file.Read(_tensorOfName[name], decodedTo);
        var heads = _permuted is null ? 0 : PermutedHeads(name, _permuted);
        return (heads == 0 ? tensor : Unpermute(tensor, heads)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (torch.Tensor Blocks, GgufType Type)? ReadBlocks(string name)
    {
        var type = _file.Tensors[_tensorOfName[name]].Type;
        if (type.Decode is null)
        {
            return null;
        }

        // A row is a whole number of blocks, so blocks change their place as the rows do.
        using var scope = torch.NewDisposeScope();
        var blocks = _file.ReadBlocks(_tensorOfName[name]);
        var heads = _permuted is null ? 0 : PermutedHeads(name, _permuted);
        return ((heads == 0 ? blocks : Unpermute(blocks, heads)).MoveToOuterDisposeScope(), type);
    }

    /// <summary>Into how many heads the rows of a weight are cut that the architecture "llama" stores in another order.</summary>
    /// <param name="name">Published name.</param>
    /// <param name="configuration">The shape.</param>
    /// <returns>0 where the weight is stored as it is.</returns>
    internal static int PermutedHeads(string name, LlamaConfiguration configuration) =>
        name.Contains(".self_attn.q_proj.", StringComparison.Ordinal) ? configuration.Heads
        : name.Contains(".self_attn.k_proj.", StringComparison.Ordinal) ? configuration.KeyValueHeads
        : 0;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // The file has the two halves of each rotary pair as neighbours: row 2i + j of a head is row j · (head size / 2) + i of the checkpoint.
    private static torch.Tensor Unpermute(torch.Tensor tensor, int heads)
    {
        var shape = tensor.shape;
        return tensor.view(heads, shape[0] / heads / 2, 2, -1).transpose(1, 2).reshape(shape);
    }
}

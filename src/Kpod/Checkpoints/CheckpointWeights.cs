using System.Text.Json;
using Kpod.Models;
using Kpod.Runs;
using TorchSharp;

namespace Kpod.Checkpoints;

/// <summary>The weights of a safetensors checkpoint, in one file or in shards with an index.</summary>
public sealed class CheckpointWeights : IWeightSource, IDisposable
{
    private readonly string _path;
    private readonly Dictionary<string, SafetensorsFile> _fileOfTensor = new(StringComparer.Ordinal);
    private readonly List<SafetensorsFile> _files = [];
    private readonly torch.ScalarType _type;
    private readonly torch.Device _device;

    private CheckpointWeights(string path, torch.ScalarType type, torch.Device device)
    {
        _path = path;
        _type = type;
        _device = device;
    }

    /// <summary>Names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _fileOfTensor.Keys;

    /// <summary>Opens the weights of a checkpoint folder or one safetensors file.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="type">Type that every weight is given in.</param>
    /// <param name="device">Where every weight is put.</param>
    /// <returns>The source; dispose of it when the model is built.</returns>
    /// <exception cref="KpodException">There is no such checkpoint, or a file of it is faulty.</exception>
    public static CheckpointWeights Open(string path, torch.ScalarType type, torch.Device device)
    {
        var weights = new CheckpointWeights(path, type, device);
        try
        {
            var single = File.Exists(path) ? path : Path.Combine(path, "model.safetensors");
            var index = Path.Combine(path, "model.safetensors.index.json");
            if (File.Exists(single))
            {
                weights.Add(single);
            }
            else if (File.Exists(index))
            {
                weights.AddShards(index);
            }
            else
            {
                throw new KpodException($"{path}: holds neither model.safetensors nor model.safetensors.index.json. Pickle files (pytorch_model.bin) are not read, because opening one can run code; save the model as safetensors.");
            }

            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Contains(string name) => _fileOfTensor.ContainsKey(name);

    /// <inheritdoc/>
    public torch.Tensor Take(string name, params ReadOnlySpan<long> shape)
    {
        if (!_fileOfTensor.TryGetValue(name, out var file))
        {
            throw new KpodException($"{_path}: the weight '{name}' is missing.");
        }

        var found = file.Entries[name].Shape;
        if (!found.ToArray().AsSpan().SequenceEqual(shape))
        {
            throw new KpodException($"{file.FullPath}: the weight '{name}' has the shape [{string.Join(", ", found)}], but config.json asks for [{string.Join(", ", shape.ToArray())}].");
        }

        var tensor = file.Read(name);
        if (tensor.dtype == _type && _device.type == DeviceType.CPU)
        {
            return tensor;
        }

        using (tensor)
        {
            return tensor.to(_type, _device).DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private void Add(string path)
    {
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (var name in file.Entries.Keys)
        {
            _fileOfTensor[name] = file;
        }
    }

    private void AddShards(string index)
    {
        var folder = Path.GetDirectoryName(index)!;
        Dictionary<string, string> map;
        try
        {
            using var document = JsonDocument.Parse(JsonArtefact.ReadText(index), new JsonDocumentOptions { AllowDuplicateProperties = false });
            map = document.RootElement.GetProperty("weight_map").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new KpodException($"{index}: is no index of shards ({exception.Message})", exception);
        }

        foreach (var shard in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (shard is null || shard != Path.GetFileName(shard) || shard is "" or "." or "..")
            {
                throw new KpodException($"{index}: names the shard '{shard}', which is no plain file name.");
            }

            Add(Path.Combine(folder, shard));
        }

        foreach (var (name, shard) in map)
        {
            if (!_fileOfTensor.TryGetValue(name, out var file) || Path.GetFileName(file.FullPath) != shard)
            {
                throw new KpodException($"{index}: says that '{name}' is in {shard}, but it is not.");
            }
        }
    }
}

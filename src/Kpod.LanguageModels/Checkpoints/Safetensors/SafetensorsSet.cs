using Kpod.LanguageModels.Checkpoints.Storage;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Safetensors;

/// <summary>The tensors of one safetensors file, or of a folder with <c>model.safetensors</c> or with shards and their index.</summary>
internal sealed class SafetensorsSet : IStoredTensors
{
    /// <summary>The file of an undivided checkpoint.</summary>
    public const string SingleFile = "model.safetensors";

    private readonly Dictionary<string, SafetensorsFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsFile> _fileOfTensor = new(StringComparer.Ordinal);

    private SafetensorsSet(string path) => Path = path;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _fileOfTensor.Keys;

    /// <summary>Opens a file or folder.</summary>
    /// <param name="path">A safetensors file, or a folder. As in transformers, <c>model.safetensors</c> goes before an index.</param>
    /// <returns>The open set; the caller disposes of it.</returns>
    /// <exception cref="KpodException">Nothing fitting is there, or a file or the index is unsound.</exception>
    public static SafetensorsSet Open(string path)
    {
        var set = new SafetensorsSet(path);
        try
        {
            if (!Directory.Exists(path))
            {
                set.AddWhole(path);
            }
            else if (File.Exists(System.IO.Path.Combine(path, SingleFile)))
            {
                set.AddWhole(System.IO.Path.Combine(path, SingleFile));
            }
            else if (File.Exists(System.IO.Path.Combine(path, ShardIndex.FileName)))
            {
                set.AddShards(path);
            }
            else
            {
                throw Nothing(path);
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<long>? ShapeOf(string name) => _fileOfTensor.TryGetValue(name, out var file) ? file.Tensors[name].Shape : null;

    /// <summary>What the header says of a tensor that exists.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Type, shape and place.</returns>
    public SafetensorsEntry EntryOf(string name) => _fileOfTensor[name].Tensors[name];

    /// <inheritdoc/>
    public string Describe(string name)
    {
        var file = _fileOfTensor.GetValueOrDefault(name) ?? (_files.Count == 1 ? _files.Values.First() : null);
        return $"{file?.Path ?? Path}: the weight '{name}'";
    }

    /// <inheritdoc/>
    public torch.Tensor Read(string name, torch.ScalarType decodedTo = torch.ScalarType.Float32) => _fileOfTensor[name].Read(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private static KpodException Nothing(string folder)
    {
        var pickle = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).FirstOrDefault(PickleFile.HasItsName);
        return pickle is null
            ? new KpodException($"{folder}: holds neither {SingleFile} nor {ShardIndex.FileName}, so there are no weights to load.")
            : PickleFile.Refusal(pickle);
    }

    private void AddWhole(string path)
    {
        var file = Open(path, path);
        foreach (var name in file.Tensors.Keys)
        {
            _fileOfTensor.Add(name, file);
        }
    }

    private void AddShards(string folder)
    {
        var indexPath = System.IO.Path.Combine(folder, ShardIndex.FileName);
        foreach (var (name, shard) in ShardIndex.Read(indexPath))
        {
            if (!_files.TryGetValue(shard, out var file))
            {
                var path = System.IO.Path.Combine(folder, shard);
                file = File.Exists(path) ? Open(shard, path)
                    : throw new KpodException($"{indexPath}: '{name}' is in {shard}, which is not beside the index. Fetch the missing file.");
            }

            if (!file.Tensors.ContainsKey(name))
            {
                throw new KpodException($"{indexPath}: says that '{name}' is in {shard}, but it is not there. The shards and the index belong to different checkpoints.");
            }

            _fileOfTensor.Add(name, file);
        }
    }

    private SafetensorsFile Open(string key, string path)
    {
        if (PickleFile.HasItsName(path))
        {
            throw PickleFile.Refusal(path);
        }

        var file = new SafetensorsFile(path);
        _files.Add(key, file);
        return file;
    }
}

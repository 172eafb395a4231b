using System.Text.Json;
using Kpod.Files;
using Kpod.LanguageModels.Checkpoints.Storage;

namespace Kpod.LanguageModels.Checkpoints.Safetensors;

/// <summary>The file that says which shard holds which tensor.</summary>
internal static class ShardIndex
{
    /// <summary>Its name in a folder.</summary>
    public const string FileName = "model.safetensors.index.json";

    private const string WeightMap = "weight_map";

    /// <summary>Reads an index.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Names of tensors, each with its shard: a plain file name, beside the index.</returns>
    /// <exception cref="KpodException">The file is no index, or a shard's name leads elsewhere.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        using var document = JsonFile.ReadObject(path);
        if (!document.RootElement.TryGetProperty(WeightMap, out var map)
            || map.ValueKind != JsonValueKind.Object)
        {
            throw new KpodException($"{path}: lacks the object {WeightMap}, which says which file holds which tensor.");
        }

        var shards = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            var shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : null;
            if (shard is null || !IsPlainFileName(shard))
            {
                throw new KpodException($"{path}: {WeightMap} gives '{entry.Name}' the file {entry.Value.GetRawText()}; it must be the name of a file beside the index, without a folder.");
            }

            shards.Add(entry.Name, shard);
        }

        return shards.Count > 0 ? shards : throw new KpodException($"{path}: {WeightMap} is empty.");
    }

    /// <summary>Writes an index, atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="totalBytes">Bytes of all tensors.</param>
    /// <param name="shards">Names of tensors, each with its shard.</param>
    public static void Write(string path, long totalBytes, IEnumerable<KeyValuePair<string, string>> shards) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, JsonFile.WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("total_size", totalBytes);
        json.WriteEndObject();
        json.WriteStartObject(WeightMap);
        foreach (var (name, shard) in shards.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, shard);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });

    // The same names are refused on every system, so a backslash or a drive is refused where it would be harmless, too.
    private static bool IsPlainFileName(string name) => name is not ("" or "." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0;
}

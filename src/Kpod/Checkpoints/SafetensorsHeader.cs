using System.Text.Json;

namespace Kpod.Checkpoints;

/// <summary>Parses and checks the JSON header of a safetensors file.</summary>
internal static class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";

    private static readonly string[] Keys = ["dtype", "shape", "data_offsets"];

    public static (IReadOnlyDictionary<string, SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata) Parse(string path, byte[] header, long dataLength)
    {
        if (header.Length == 0 || header[0] != (byte)'{')
        {
            throw new KpodException($"{path}: its header is no JSON object (it does not begin with '{{'), so this is no safetensors file.");
        }

        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.Object)
                {
                    throw new KpodException($"{path}: '{property.Name}' is no object in its header.");
                }

                if (property.Name == MetadataKey)
                {
                    foreach (var item in property.Value.EnumerateObject())
                    {
                        metadata[item.Name] = item.Value.ValueKind == JsonValueKind.String ? item.Value.GetString()! : throw new KpodException($"{path}: {MetadataKey}.{item.Name} is no string.");
                    }
                }
                else
                {
                    entries.Add(property.Name, Entry(path, property, dataLength));
                }
            }

            CheckCover(path, entries.Values, dataLength);
            return (entries, metadata);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new KpodException($"{path}: its header is no JSON of the safetensors format ({exception.Message})", exception);
        }
    }

    private static SafetensorsEntry Entry(string path, JsonProperty property, long dataLength)
    {
        var name = property.Name;
        var keys = property.Value.EnumerateObject().Select(item => item.Name).ToArray();
        if (keys.Except(Keys).FirstOrDefault() is { } extra)
        {
            throw new KpodException($"{path}: tensor '{name}' has an unknown key '{extra}'.");
        }

        if (Keys.Except(keys).FirstOrDefault() is { } missing)
        {
            throw new KpodException($"{path}: tensor '{name}' lacks the key '{missing}'.");
        }

        var type = property.Value.GetProperty("dtype").GetString()!;
        var itemBytes = SafetensorsTypes.Bytes(type) ?? throw new KpodException($"{path}: tensor '{name}' has the unknown dtype '{type}'.");
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(value => value.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(value => value.GetInt64())];
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > dataLength)
        {
            throw new KpodException($"{path}: tensor '{name}' has data_offsets [{string.Join(", ", offsets)}] in a data section of {dataLength} bytes.");
        }

        var elements = (UInt128)1;
        foreach (var dimension in shape)
        {
            if (dimension < 0)
            {
                throw new KpodException($"{path}: tensor '{name}' has the shape [{string.Join(", ", shape)}] with a negative dimension.");
            }

            elements = checked(elements * (ulong)dimension);
            if (elements > long.MaxValue)
            {
                throw new KpodException($"{path}: tensor '{name}' has the shape [{string.Join(", ", shape)}], more elements than a file can hold.");
            }
        }

        return elements * (ulong)itemBytes == (ulong)(offsets[1] - offsets[0])
            ? new SafetensorsEntry(name, type, shape, offsets[0], offsets[1])
            : throw new KpodException($"{path}: tensor '{name}' of shape [{string.Join(", ", shape)}] and type {type} needs {elements * (ulong)itemBytes} bytes, but its data_offsets span {offsets[1] - offsets[0]}.");
    }

    private static void CheckCover(string path, IEnumerable<SafetensorsEntry> entries, long dataLength)
    {
        var covered = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != covered)
            {
                throw new KpodException($"{path}: tensor '{entry.Name}' begins at byte {entry.Begin} of the data, where byte {covered} should follow (a gap or an overlap).");
            }

            covered = entry.End;
        }

        if (covered != dataLength)
        {
            throw new KpodException($"{path}: its tensors cover {covered} bytes of a data section of {dataLength} (truncated, or with something appended).");
        }
    }
}

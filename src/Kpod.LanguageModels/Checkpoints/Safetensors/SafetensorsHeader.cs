using System.Text.Json;
using System.Text.Unicode;
using Kpod.LanguageModels.Checkpoints.Storage;

namespace Kpod.LanguageModels.Checkpoints.Safetensors;

/// <summary>Reads the JSON header of a safetensors file and holds it against the length of the data, strictly.</summary>
internal sealed class SafetensorsHeader
{
    private readonly string _path;
    private readonly long _dataLength;
    private readonly Dictionary<string, SafetensorsEntry> _tensors = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _metadata;

    private SafetensorsHeader(string path, long dataLength)
    {
        _path = path;
        _dataLength = dataLength;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors => _tensors;

    /// <summary>The free texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata ?? [];

    /// <summary>Reads a header.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The header's bytes without the length in front.</param>
    /// <param name="dataLength">Bytes behind the header.</param>
    /// <returns>The checked header.</returns>
    /// <exception cref="KpodException">The header breaks the format, or its tensors do not cover the data exactly.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader(path, dataLength);
        if (json is [not (byte)'{', ..])
        {
            throw header.Fault("the JSON header must begin with '{'");
        }

        if (!Utf8.IsValid(json))
        {
            throw header.Fault("the header is not UTF-8");
        }

        try
        {
            header.ReadObject(new Utf8JsonReader(json));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape that is no character, such as half a surrogate pair.
            throw new KpodException($"{path}: the header is not valid JSON ({exception.Message})", exception);
        }

        header.CheckCoverage();
        return header;
    }

    private void ReadObject(Utf8JsonReader reader)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__")
            {
                ReadMetadata(ref reader);
            }
            else if (!_tensors.TryAdd(name, ReadEntry(name, ref reader)))
            {
                throw Fault($"the tensor '{name}' stands twice in the header");
            }
        }

        while (reader.Read())
        {
            // Anything behind the object makes the reader throw.
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (_metadata is not null || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Fault("__metadata__ must stand once and be an object of texts");
        }

        _metadata = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Fault($"__metadata__ holds something other than a text under '{key}'");
            }

            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw Fault($"__metadata__ holds the key '{key}' twice");
            }
        }
    }

    private SafetensorsEntry ReadEntry(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Fault($"the entry of tensor '{name}' in the JSON header is not an object");
        }

        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null && reader.TokenType == JsonTokenType.String:
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(name, field, ref reader);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(name, field, ref reader);
                    break;
                default:
                    throw Fault($"tensor '{name}': the field '{field}' is unknown, stands twice or is of the wrong kind");
            }
        }

        return Checked(name, type, shape, offsets);
    }

    private List<long> ReadNumbers(string name, string field, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Fault($"tensor '{name}': {field} must be a list of whole numbers");
        }

        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw Fault($"tensor '{name}': {field} must hold whole numbers from 0 to 2^63 - 1");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private SafetensorsEntry Checked(string name, string? typeName, List<long>? shape, List<long>? offsets)
    {
        if (typeName is null || shape is null || offsets is null)
        {
            throw Fault($"tensor '{name}' lacks {(typeName is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        }

        var type = SafetensorsType.Find(typeName) ?? throw Fault($"tensor '{name}' has dtype '{typeName}', which the format does not have");
        if (offsets is not [var begin, var end] || begin > end)
        {
            throw Fault($"tensor '{name}': data_offsets must be two numbers, begin and end, not [{string.Join(", ", offsets)}]");
        }

        if (end > _dataLength)
        {
            throw Fault($"tensor '{name}' ends at byte {end} of the data, which has {_dataLength} bytes");
        }

        var bits = TensorSize.Bits(shape, type.Bits) ?? throw Fault($"tensor '{name}' of shape {TensorSize.Text(shape)} is larger than any file");
        if (bits % 8 != 0 || bits / 8 != end - begin)
        {
            throw Fault($"tensor '{name}' of shape {TensorSize.Text(shape)} and dtype {typeName} takes {bits / 8.0} bytes, but its data_offsets span {end - begin}");
        }

        return new SafetensorsEntry(name, typeName, shape, begin, end);
    }

    private void CheckCoverage()
    {
        long covered = 0;
        foreach (var entry in _tensors.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != covered)
            {
                throw Fault($"tensor '{entry.Name}' begins at byte {entry.Begin} of the data, where byte {covered} is due: the bytes {(entry.Begin > covered ? "between belong to nothing" : "before are another tensor's")}");
            }

            covered = entry.End;
        }

        if (covered != _dataLength)
        {
            throw Fault($"the tensors end at byte {covered} of the data, which has {_dataLength} bytes; the rest belongs to nothing");
        }
    }

    private KpodException Fault(string what) => new($"{_path}: {what}. The file is cut short, damaged or was not written as safetensors.");
}

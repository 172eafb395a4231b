using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kpod.Files;
using Kpod.LanguageModels.Checkpoints.Storage;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Safetensors;

/// <summary>Writes safetensors files, byte for byte as the reference writer does.</summary>
public static class SafetensorsWriter
{
    /// <summary>What transformers and PEFT write and look for.</summary>
    private static readonly Dictionary<string, string> TorchFormat = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>Writes tensors to a file, atomically: what stood there stays until the new file is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors, in any order, on any device; their own types are written.</param>
    /// <param name="metadata">Free texts; <c>format: pt</c> where null.</param>
    /// <exception cref="KpodException">The disk refuses; what was at <paramref name="path"/> is unchanged.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Write(path, tensors.Select(item => (TensorSource.Of(item.Key, item.Value), item.Value.dtype)), metadata ?? TorchFormat);
    }

    /// <summary>Writes tensors that are made one after the other, as above.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors, each with the type that it is stored in.</param>
    internal static void Write(string path, IEnumerable<(TensorSource Source, torch.ScalarType Type)> tensors) => Write(path, tensors, TorchFormat);

    private static void Write(string path, IEnumerable<(TensorSource Source, torch.ScalarType Type)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var ordered = tensors
            .OrderByDescending(item => SafetensorsType.Of(item.Type).Rank)
            .ThenBy(item => item.Source.Name, StringComparer.Ordinal)
            .ToList();
        var header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (source, type) in ordered)
            {
                using var scope = torch.NewDisposeScope();
                using var noGradient = torch.no_grad();
                BinaryFile.Write(source.Read().to(type), stream);
            }
        });
    }

    private static byte[] Header(List<(TensorSource Source, torch.ScalarType Type)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            WriteEntries(json, tensors);
            json.WriteEndObject();
        }

        // Padded, so that the data begins at a multiple of 8 and can be mapped into memory.
        while (memory.Length % 8 != 0)
        {
            memory.WriteByte((byte)' ');
        }

        return memory.ToArray();
    }

    private static void WriteEntries(Utf8JsonWriter json, List<(TensorSource Source, torch.ScalarType Type)> tensors)
    {
        long offset = 0;
        foreach (var (source, type) in tensors)
        {
            var stored = SafetensorsType.Of(type);
            json.WriteStartObject(source.Name);
            json.WriteString("dtype", stored.Name);
            json.WriteStartArray("shape");
            foreach (var dimension in source.Shape)
            {
                json.WriteNumberValue(dimension);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += source.Elements * stored.Bits / 8);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}

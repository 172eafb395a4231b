using System.Buffers.Binary;
using System.Text.Json;
using Kpod.Runs;
using TorchSharp;

namespace Kpod.Checkpoints;

/// <summary>Writes a safetensors file as the reference library lays it out: header padded to eight bytes, tensors in the order given, atomically.</summary>
public static class SafetensorsWriter
{
    private const int ChunkBytes = 1 << 30;

    /// <summary>Writes tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors; read, not kept.</param>
    /// <param name="metadata">Free-form metadata; <c>format: pt</c> is added, which other readers ask for.</param>
    public static void Write(string path, IReadOnlyList<KeyValuePair<string, torch.Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream =>
        {
            var header = Header(tensors, metadata);
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in tensors)
            {
                WriteData(stream, tensor);
            }
        });

    private static byte[] Header(IReadOnlyList<KeyValuePair<string, torch.Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "pt");
            foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
            var offset = 0L;
            foreach (var (name, tensor) in tensors)
            {
                writer.WriteStartObject(name);
                writer.WriteString("dtype", SafetensorsTypes.Name(tensor.dtype));
                writer.WriteStartArray("shape");
                foreach (var dimension in tensor.shape)
                {
                    writer.WriteNumberValue(dimension);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += tensor.NumberOfElements * tensor.ElementSize);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteData(Stream stream, torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().view(-1);
        var itemsPerChunk = ChunkBytes / tensor.ElementSize;
        for (var item = 0L; item < flat.shape[0]; item += itemsPerChunk)
        {
            stream.Write(flat.narrow(0, item, Math.Min(itemsPerChunk, flat.shape[0] - item)).bytes);
        }
    }
}

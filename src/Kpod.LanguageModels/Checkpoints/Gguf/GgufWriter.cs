using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Kpod.Files;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Quantisation;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>Writes GGUF files of version 3 with the default alignment, laid out as llama.cpp's converter lays them out.</summary>
internal static class GgufWriter
{
    private const uint Version = 3;
    private const int Alignment = 32;

    // Encoded at a time: small enough for the cache, a whole number of blocks of any type.
    private const long PieceElements = 1 << 16;

    /// <summary>Writes a file, atomically: what stood there stays until the new file is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">Keys with their values in the order of the file: numbers, bool, text, or arrays of these, each written in its own type.</param>
    /// <param name="tensors">The tensors in the order of the file, each with the type that it is stored in.</param>
    /// <exception cref="KpodException">The disk refuses, or a tensor holds what its type cannot; what was at <paramref name="path"/> is unchanged.</exception>
    public static void Write(string path, IReadOnlyList<KeyValuePair<string, object>> values, IReadOnlyList<(TensorSource Source, GgufType Type)> tensors)
    {
        var header = Header(values, tensors);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var (source, type) in tensors)
            {
                using var scope = torch.NewDisposeScope();
                using var noGradient = torch.no_grad();
                WriteTensor(stream, path, source, type);
                stream.Write(new byte[Padding(type.Bytes(source.Elements))]);
            }
        });
    }

    private static byte[] Header(IReadOnlyList<KeyValuePair<string, object>> values, IReadOnlyList<(TensorSource Source, GgufType Type)> tensors)
    {
        using var memory = new MemoryStream();
        memory.Write("GGUF"u8);
        Put(memory, Version);
        Put(memory, (ulong)tensors.Count);
        Put(memory, (ulong)values.Count);
        foreach (var (key, value) in values)
        {
            PutText(memory, key);
            PutValue(memory, value);
        }

        long offset = 0;
        foreach (var (source, type) in tensors)
        {
            PutText(memory, source.Name);
            Put(memory, (uint)source.Shape.Count);
            foreach (var dimension in source.Shape.Reverse())
            {
                Put(memory, (ulong)dimension);
            }

            Put(memory, type.Id);
            Put(memory, (ulong)offset);
            offset += type.Bytes(source.Elements);
            offset += Padding(offset);
        }

        memory.Write(new byte[Padding(memory.Length)]);
        return memory.ToArray();
    }

    private static int Padding(long length) => (int)((Alignment - (length % Alignment)) % Alignment);

    private static void WriteTensor(Stream stream, string path, TensorSource source, GgufType type)
    {
        var tensor = source.Read().detach().cpu();
        if (!tensor.shape.SequenceEqual(source.Shape))
        {
            throw new ArgumentException($"{source.Name} was announced as {TensorSize.Text(source.Shape)} but is {TensorSize.Text(tensor.shape)}.");
        }

        if (type.Encode is null)
        {
            var stored = tensor.to(type.Torch!.Value);
            RefuseUnlessFinite(path, source, type, stored);
            BinaryFile.Write(stored, stream);
            return;
        }

        var values = tensor.to(torch.ScalarType.Float32).contiguous().view(-1);
        RefuseUnlessFinite(path, source, type, values);
        var total = values.shape[0];
        var buffer = new byte[type.Bytes(PieceElements)];
        for (long first = 0; first < total; first += PieceElements)
        {
            using var scope = torch.NewDisposeScope();
            var piece = values.narrow(0, first, Math.Min(PieceElements, total - first));
            var blocks = buffer.AsSpan(0, (int)type.Bytes(piece.shape[0]));
            type.Encode(MemoryMarshal.Cast<byte, float>(piece.bytes), blocks);
            RefuseInfiniteScale(path, source, type, blocks);
            stream.Write(blocks);
        }
    }

    private static void RefuseUnlessFinite(string path, TensorSource source, GgufType type, torch.Tensor stored)
    {
        if (!stored.isfinite().all().item<bool>())
        {
            throw new KpodException($"{path}: the weight '{source.Name}' holds numbers that are infinite or none in {type.Name}; {(type.Name == "F16" ? "F16 ends at 65504: choose BF16 or F32" : "the model is damaged")}.");
        }
    }

    // Every encoded type here begins its blocks with a scale in half precision.
    private static void RefuseInfiniteScale(string path, TensorSource source, GgufType type, ReadOnlySpan<byte> blocks)
    {
        for (var block = 0; block < blocks.Length; block += type.BlockBytes)
        {
            if (!Half.IsFinite(BinaryPrimitives.ReadHalfLittleEndian(blocks[block..])))
            {
                throw new KpodException($"{path}: the weight '{source.Name}' holds numbers beyond 8 million, whose scale {type.Name} cannot store; choose BF16 or F32.");
            }
        }
    }

    private static void PutValue(MemoryStream memory, object value)
    {
        if (value is Array list)
        {
            Put(memory, 9u);
            Put(memory, TypeOf(list.GetType().GetElementType()!));
            Put(memory, (ulong)list.Length);
            PutElements(memory, list);
            return;
        }

        Put(memory, TypeOf(value.GetType()));
        PutElements(memory, value is string text ? new[] { text } : AsList(value));
    }

    private static Array AsList(object value)
    {
        var list = Array.CreateInstance(value.GetType(), 1);
        list.SetValue(value, 0);
        return list;
    }

    private static void PutElements(MemoryStream memory, Array list)
    {
        if (list is string[] texts)
        {
            foreach (var text in texts)
            {
                PutText(memory, text);
            }

            return;
        }

        // Little-endian on every machine that this runs on, as the reader assumes.
        var bytes = new byte[Buffer.ByteLength(list)];
        Buffer.BlockCopy(list, 0, bytes, 0, bytes.Length);
        memory.Write(bytes);
    }

    private static uint TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => 0,
        TypeCode.SByte => 1,
        TypeCode.UInt16 => 2,
        TypeCode.Int16 => 3,
        TypeCode.UInt32 => 4,
        TypeCode.Int32 => 5,
        TypeCode.Single => 6,
        TypeCode.Boolean => 7,
        TypeCode.String => 8,
        TypeCode.UInt64 => 10,
        TypeCode.Int64 => 11,
        TypeCode.Double => 12,
        _ => throw new ArgumentException($"GGUF has no type for {type.Name}."),
    };

    private static void PutText(MemoryStream memory, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Put(memory, (ulong)bytes.Length);
        memory.Write(bytes);
    }

    private static void Put(MemoryStream memory, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        memory.Write(bytes);
    }

    private static void Put(MemoryStream memory, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        memory.Write(bytes);
    }
}

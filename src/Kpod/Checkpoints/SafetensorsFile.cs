using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using TorchSharp;

namespace Kpod.Checkpoints;

/// <summary>Reads a safetensors file: eight bytes of header length, a JSON header, then the tensors without gap or overlap. Everything is checked before it is believed.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int MaximumHeaderBytes = 100_000_000;
    private const int ChunkBytes = 1 << 30;

    private readonly SafeFileHandle _handle;
    private readonly long _dataStart;

    private SafetensorsFile(string path, SafeFileHandle handle, long dataStart, IReadOnlyDictionary<string, SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        FullPath = path;
        _handle = handle;
        _dataStart = dataStart;
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>The file.</summary>
    public string FullPath { get; }

    /// <summary>Its tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>Its free-form metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file; dispose of it.</returns>
    /// <exception cref="KpodException">It is missing or violates the format; the message names file, place and value.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: cannot be read ({exception.Message})", exception);
        }

        try
        {
            var header = ReadHeader(path, handle);
            var dataStart = 8L + header.Length;
            var (entries, metadata) = SafetensorsHeader.Parse(path, header, RandomAccess.GetLength(handle) - dataStart);
            return new SafetensorsFile(path, handle, dataStart, entries, metadata);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A tensor of its own on the CPU, in no dispose scope.</returns>
    /// <exception cref="KpodException">There is none of that name, its type has no counterpart here, or the file ends early.</exception>
    public torch.Tensor Read(string name)
    {
        if (!Entries.TryGetValue(name, out var entry))
        {
            throw new KpodException($"{FullPath}: holds no tensor '{name}'.");
        }

        var type = SafetensorsTypes.ScalarType(entry.DataType)
            ?? throw new KpodException($"{FullPath}: tensor '{name}' is of type {entry.DataType}, which cannot be computed with; convert it to F32 or BF16.");
        var tensor = torch.empty([.. entry.Shape], dtype: type).DetachFromDisposeScope();
        if (entry.End == entry.Begin)
        {
            return tensor;
        }

        using var flat = tensor.view(-1);
        var itemBytes = SafetensorsTypes.Bytes(entry.DataType)!.Value;
        for (var offset = entry.Begin; offset < entry.End; offset += ChunkBytes)
        {
            var bytes = (int)Math.Min(ChunkBytes, entry.End - offset);
            using var part = flat.narrow(0, (offset - entry.Begin) / itemBytes, bytes / itemBytes);
            ReadExactly(part.bytes, _dataStart + offset);
        }

        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static byte[] ReadHeader(string path, SafeFileHandle handle)
    {
        var length = RandomAccess.GetLength(handle);
        Span<byte> prefix = stackalloc byte[8];
        if (length < 8 || RandomAccess.Read(handle, prefix, 0) < 8)
        {
            throw new KpodException($"{path}: is {length} bytes long, too short for a safetensors file (truncated download?).");
        }

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MaximumHeaderBytes || headerLength > (ulong)(length - 8))
        {
            throw new KpodException($"{path}: claims a header of {headerLength} bytes in a file of {length} (no safetensors file, or a truncated one).");
        }

        var header = new byte[headerLength];
        for (var read = 0; read < header.Length;)
        {
            read += RandomAccess.Read(handle, header.AsSpan(read), 8 + read);
        }

        return header;
    }

    private void ReadExactly(Span<byte> target, long position)
    {
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(_handle, target, position);
            if (read == 0)
            {
                throw new KpodException($"{FullPath}: ended while it was read; it was cut short by another program.");
            }

            target = target[read..];
            position += read;
        }
    }
}

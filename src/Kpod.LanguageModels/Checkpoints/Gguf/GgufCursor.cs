using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Kpod.LanguageModels.Checkpoints.Storage;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>Reads the front of a GGUF file value by value; nothing is believed before it is held against the file's length.</summary>
internal sealed class GgufCursor
{
    private const int WindowBytes = 1 << 20;

    private readonly BinaryFile _file;
    private byte[] _window = [];
    private long _windowStart;

    /// <summary>Starts at the front of a file.</summary>
    /// <param name="file">The file.</param>
    public GgufCursor(BinaryFile file) => _file = file;

    /// <summary>What is being read, for messages.</summary>
    public string Place { get; set; } = "the header";

    /// <summary>Where the next byte is read.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that are left.</summary>
    public long Remaining => _file.Length - Position;

    /// <summary>An error at the present place.</summary>
    /// <param name="what">What is wrong.</param>
    /// <returns>To be thrown.</returns>
    public KpodException Fault(string what) => new($"{_file.Path}, byte {Position}: {what}. The file is damaged, cut short or no GGUF.");

    /// <summary>The next bytes, which stay valid until the next call.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="KpodException">The file ends before.</exception>
    public ReadOnlySpan<byte> Bytes(long count)
    {
        if (count > Remaining)
        {
            throw Fault($"{Place} needs {count} bytes, but the file ends after {Remaining}");
        }

        if (count > Array.MaxLength)
        {
            throw Fault($"{Place} takes {count} bytes, more than any model needs");
        }

        var inWindow = Position - _windowStart;
        if (inWindow + count > _window.Length)
        {
            _windowStart = Position;
            inWindow = 0;
            _window = _file.Read(Position, checked((int)Math.Min(Math.Max(count, WindowBytes), Remaining)));
        }

        Position += count;
        return _window.AsSpan((int)inWindow, (int)count);
    }

    /// <summary>An unsigned 32-bit number.</summary>
    /// <returns>The number.</returns>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    /// <summary>An unsigned 64-bit number.</summary>
    /// <returns>The number.</returns>
    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    /// <summary>A number of things that are still to come, each of which takes bytes.</summary>
    /// <param name="things">What they are, for messages.</param>
    /// <param name="bytesEach">The fewest bytes that one takes.</param>
    /// <returns>The number, which the rest of the file can hold.</returns>
    public int Count(string things, int bytesEach)
    {
        var count = UInt64();
        return count <= (ulong)(Remaining / bytesEach) && count <= (ulong)Array.MaxLength
            ? (int)count
            : throw Fault($"{Place} announces {count} {things}, more than the {Remaining} bytes left can hold");
    }

    /// <summary>A text.</summary>
    /// <returns>The text.</returns>
    public string Text()
    {
        var bytes = Bytes(Count("bytes of text", 1));
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Fault($"{Place} holds a text that is not UTF-8");
    }
}

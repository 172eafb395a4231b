using System.Buffers.Binary;
using System.Text;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>Reads the protobuf wire format: fields of a number and a kind, one after the other.</summary>
internal ref struct WireReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _offset;
    private readonly string _path;
    private int _position;

    /// <summary>Makes a reader.</summary>
    /// <param name="bytes">A message.</param>
    /// <param name="offset">Where it begins in the file, for errors.</param>
    /// <param name="path">The file, for errors.</param>
    public WireReader(ReadOnlySpan<byte> bytes, int offset, string path)
    {
        _bytes = bytes;
        _offset = offset;
        _path = path;
    }

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Kind of the current field: 0 a whole number, 1 eight bytes, 2 bytes with their length, 5 four bytes.</summary>
    public int Kind { get; private set; }

    /// <summary>Goes on to the next field; the value of the one before must have been read.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        if (_position == _bytes.Length)
        {
            return false;
        }

        var tag = ReadNumber();
        Kind = (int)(tag & 7);
        Field = tag >> 3 is > 0 and <= int.MaxValue and var field ? (int)field : throw Fault("a field has no valid number");
        return true;
    }

    /// <summary>Reads a whole number.</summary>
    /// <returns>The number.</returns>
    public ulong ReadNumber()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Fault("a number goes on for more than ten bytes");
    }

    /// <summary>Reads the current field as a whole number.</summary>
    /// <returns>The number, cut to 32 bits as the format has it.</returns>
    public int ReadInteger()
    {
        Expect(0);
        return unchecked((int)ReadNumber());
    }

    /// <summary>Reads the current field as a 32-bit float.</summary>
    /// <returns>The number.</returns>
    public float ReadFloat()
    {
        Expect(5);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    /// <summary>Reads the current field as bytes.</summary>
    /// <returns>The bytes.</returns>
    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(2);
        var length = ReadNumber();
        return length <= (ulong)(_bytes.Length - _position) ? Take((int)length) : throw Fault($"a field of {length} bytes reaches past the end");
    }

    /// <summary>Reads the current field as text.</summary>
    /// <returns>The text.</returns>
    public string ReadText()
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(ReadBytes());
        }
        catch (DecoderFallbackException exception)
        {
            throw new KpodException(Message("a text is no valid UTF-8"), exception);
        }
    }

    /// <summary>Reads the current field as a message of its own.</summary>
    /// <returns>Its reader.</returns>
    public WireReader ReadMessage()
    {
        var bytes = ReadBytes();
        return new WireReader(bytes, _offset + _position - bytes.Length, _path);
    }

    /// <summary>Passes over the current field.</summary>
    public void Skip()
    {
        switch (Kind)
        {
            case 0:
                ReadNumber();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                ReadBytes();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Fault($"a field is of the unknown kind {Kind}");
        }
    }

    private void Expect(int kind)
    {
        if (Kind != kind)
        {
            throw Fault($"field {Field} is of kind {Kind}, it must be of kind {kind}");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - _position)
        {
            throw Fault("the data ends inside a field");
        }

        _position += length;
        return _bytes.Slice(_position - length, length);
    }

    private readonly KpodException Fault(string what) => new(Message(what));

    private readonly string Message(string what) => $"{_path}: is no SentencePiece model or is damaged: at byte {_offset + _position} {what}.";
}

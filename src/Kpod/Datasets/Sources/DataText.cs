using System.Globalization;
using System.Text;

namespace Kpod.Datasets.Sources;

/// <summary>The characters of a data file one after the other, with the number of the line: UTF-8, or UTF-16 and UTF-32 with a byte order mark.</summary>
internal sealed class DataText : IDisposable
{
    /// <summary>How many characters a record may have.</summary>
    public const int MostInRecord = 1 << 24;

    private readonly StreamReader _reader;
    private readonly char[] _buffer = new char[1 << 14];
    private string _ahead = string.Empty;
    private int _aheadAt;
    private int _at;
    private int _end;

    private DataText(StreamReader reader, string path)
    {
        _reader = reader;
        Path = path;
    }

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>The line of the next character, from 1. Lines end at \n only: U+2028 and its like may stand inside a JSON string.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its text; the caller disposes of it.</returns>
    public static DataText Open(string path) => new(Reader(path), path);

    /// <summary>Opens a file for a reader of its own.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A strict reader; the caller disposes of it.</returns>
    public static StreamReader Reader(string path) =>
        new(DataStream.Open(path), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);

    /// <summary>What bytes that are no text are told as.</summary>
    /// <param name="path">The file.</param>
    /// <param name="exception">What the decoder said.</param>
    /// <returns>The fault.</returns>
    public static KpodException NoText(string path, DecoderFallbackException exception)
    {
        var bytes = string.Join(' ', (exception.BytesUnknown ?? []).Select(value => value.ToString("X2", CultureInfo.InvariantCulture)));
        return new KpodException($"{path}: holds the bytes {bytes}, which are no UTF-8. Save the file as UTF-8.", exception);
    }

    /// <summary>The next character without taking it.</summary>
    /// <returns>-1 at the end.</returns>
    public int Peek() => _aheadAt < _ahead.Length ? _ahead[_aheadAt] : Fill() ? _buffer[_at] : -1;

    /// <summary>Takes the next character.</summary>
    /// <returns>-1 at the end.</returns>
    public int Read()
    {
        var next = Peek();
        if (next >= 0)
        {
            _ = _aheadAt < _ahead.Length ? _aheadAt++ : _at++;
            Line += next == '\n' ? 1 : 0;
        }

        return next;
    }

    /// <summary>Takes white space.</summary>
    /// <returns>The character behind it, which is not taken; -1 at the end.</returns>
    public int SkipSpace()
    {
        while (Peek() is ' ' or '\t' or '\r' or '\n')
        {
            Read();
        }

        return Peek();
    }

    /// <summary>Takes a line.</summary>
    /// <param name="isWhole">Whether the line, or the file, ended within the most characters of a record.</param>
    /// <returns>The line without its end; null at the end of the file.</returns>
    public string? ReadLine(out bool isWhole)
    {
        isWhole = true;
        if (Peek() < 0)
        {
            return null;
        }

        var line = new StringBuilder();
        while (Read() is var next and >= 0 && next != '\n')
        {
            line.Append((char)next);
            if (line.Length == MostInRecord)
            {
                isWhole = false;
                break;
            }
        }

        return line.ToString();
    }

    /// <summary>Puts text that was taken back in front.</summary>
    /// <param name="text">The text.</param>
    /// <param name="line">The line in which it begins.</param>
    public void PutBack(string text, int line)
    {
        _ahead = text + (_aheadAt < _ahead.Length ? _ahead[_aheadAt..] : string.Empty);
        _aheadAt = 0;
        Line = line;
    }

    /// <summary>The fault of a record that is too long.</summary>
    /// <param name="line">Where it begins.</param>
    /// <returns>The fault.</returns>
    public KpodException TooLong(int line) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Path}, line {line}: has a record of more than {MostInRecord} characters, which no record may have. Is this a data file?"));

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private bool Fill()
    {
        if (_at < _end)
        {
            return true;
        }

        try
        {
            (_at, _end) = (0, _reader.Read(_buffer, 0, _buffer.Length));
            return _end > 0;
        }
        catch (DecoderFallbackException exception)
        {
            throw NoText(Path, exception);
        }
    }
}

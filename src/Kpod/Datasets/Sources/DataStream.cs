using System.Globalization;
using System.IO.Compression;

namespace Kpod.Datasets.Sources;

/// <summary>The bytes of a data file, unpacked where it is gzipped, and never more of them than a data file may have.</summary>
internal sealed class DataStream : Stream
{
    /// <summary>How many bytes of a file, unpacked, are read.</summary>
    public const long MostBytes = 1L << 30;

    private static readonly (byte[] Mark, string What)[] Refused =
        [([0x50, 0x4B, 3, 4], "a zip archive"), ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file"), ([0x42, 0x5A, 0x68], "a bzip2 file"), ([0xFD, 0x37, 0x7A, 0x58], "an xz file")];

    private readonly Stream _inner;
    private readonly string _path;
    private readonly long _most;
    private long _read;

    private DataStream(Stream inner, string path, long most)
    {
        _inner = inner;
        _path = path;
        _most = most;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">How many bytes may be read.</param>
    /// <returns>Its bytes; the caller disposes of it.</returns>
    /// <exception cref="KpodException">It cannot be read, or is packed in a way that is not read.</exception>
    public static DataStream Open(string path, long most = MostBytes)
    {
        FileStream? file = null;
        try
        {
            file = File.OpenRead(path);
            var isPacked = IsGzip(file, path);
            return new DataStream(isPacked ? new GZipStream(file, CompressionMode.Decompress) : file, path, most);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new KpodException($"{path}: cannot be read ({exception.Message})", exception);
        }
        catch (KpodException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            var count = _inner.Read(buffer);
            _read += count;
            return _read <= _most ? count
                : throw new KpodException(string.Create(CultureInfo.InvariantCulture, $"{_path}: has more than the {_most} bytes (unpacked) that a data file may have. Split it, or take fewer records (dataset.limit)."));
        }
        catch (InvalidDataException exception)
        {
            throw new KpodException($"{_path}: is no sound gzip file ({exception.Message}). Fetch it again.", exception);
        }
        catch (IOException exception)
        {
            throw new KpodException($"{_path}: cannot be read ({exception.Message})", exception);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool IsGzip(FileStream file, string path)
    {
        Span<byte> start = stackalloc byte[4];
        start = start[..file.ReadAtLeast(start, 4, throwOnEndOfStream: false)];
        file.Position = 0;
        foreach (var (mark, what) in Refused)
        {
            if (start.StartsWith(mark))
            {
                throw new KpodException($"{path}: is {what}, which is not read. Unpack it, or pack it with gzip.");
            }
        }

        return start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);
    }
}

using Kpod.Files;
using Microsoft.Win32.SafeHandles;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Storage;

/// <summary>A file of weights opened for reading at any place, straight into a tensor's memory.</summary>
internal sealed class BinaryFile : IDisposable
{
    // A span ends at 2 GiB, so larger tensors are read and written in pieces of this size.
    private const int PieceBytes = 1 << 28;

    private readonly SafeFileHandle _handle;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KpodException">It is missing, is a folder or may not be read.</exception>
    public BinaryFile(string path)
    {
        Path = path;
        try
        {
            FileKind.RefuseUnlessRegular(path);
            _handle = File.OpenHandle(path);
            Length = RandomAccess.GetLength(_handle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: cannot be read ({exception.Message})", exception);
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Bytes in the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>The bytes at the front: what the file shows itself to be.</summary>
    /// <param name="count">How many at most.</param>
    /// <returns>Fewer where the file is shorter.</returns>
    public byte[] Front(int count) => Read(0, (int)Math.Min(count, Length));

    /// <summary>Reads bytes.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="count">How many; the caller has checked that the file holds them.</param>
    /// <returns>The bytes.</returns>
    public byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>Reads bytes into memory.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Filled to the end.</param>
    /// <exception cref="KpodException">The file ends early (another program cut it) or the disk fails.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        try
        {
            while (destination.Length > 0)
            {
                var count = RandomAccess.Read(_handle, destination, offset);
                if (count == 0)
                {
                    throw new KpodException($"{Path}: ends at byte {offset}, {destination.Length} bytes short; it was {Length} bytes long when opened. Get the file anew.");
                }

                destination = destination[count..];
                offset += count;
            }
        }
        catch (IOException exception)
        {
            throw new KpodException($"{Path}: cannot be read at byte {offset} ({exception.Message})", exception);
        }
    }

    /// <summary>Reads a tensor's elements.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Contiguous and in main memory; filled to the end.</param>
    public void Read(long offset, torch.Tensor destination) =>
        ForEachPiece(destination, piece =>
        {
            Read(offset, piece);
            offset += piece.Length;
        });

    /// <summary>Writes a tensor's elements in row-major order.</summary>
    /// <param name="tensor">Anywhere, of any layout.</param>
    /// <param name="stream">Takes the bytes.</param>
    public static void Write(torch.Tensor tensor, Stream stream)
    {
        using var scope = torch.NewDisposeScope();
        ForEachPiece(tensor.detach().cpu().contiguous(), piece => stream.Write(piece));
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static void ForEachPiece(torch.Tensor tensor, SpanAction action)
    {
        using var scope = torch.NewDisposeScope();
        var flat = tensor.view(-1);
        var total = flat.shape[0];
        var pieceElements = PieceBytes / flat.ElementSize;
        for (long first = 0; first < total; first += pieceElements)
        {
            action(flat.narrow(0, first, Math.Min(pieceElements, total - first)).bytes);
        }
    }

    private delegate void SpanAction(Span<byte> piece);
}

using System.Globalization;
using System.IO.Compression;
using System.Text;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>Reads a response's body up to a length: what a server sends, packed or without end, must not fill the memory.</summary>
internal static class BoundedBody
{
    private const long Base = 2L << 20;
    private const long BytesOfAToken = 256;
    private const long Most = 256L << 20;
    private const int TokensOfNoLimit = 32_768;
    private const int Piece = 1 << 16;

    /// <summary>The most bytes that an answer can have, room for all that servers put beside it included.</summary>
    /// <param name="maximumTokens">The most tokens of the answer; null where the server decides.</param>
    /// <param name="logProbabilities">How many log-probabilities a token were asked for.</param>
    /// <returns>A number of bytes.</returns>
    public static long MostBytes(int? maximumTokens, int? logProbabilities) =>
        Math.Min(Most, Base + ((long)(maximumTokens ?? TokensOfNoLimit) * BytesOfAToken * (1 + (logProbabilities ?? 0))));

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body as it is sent.</param>
    /// <param name="encoding">How it is packed; null or empty for not at all.</param>
    /// <param name="most">The most bytes, unpacked.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <returns>The text, and whether that is all of it.</returns>
    /// <exception cref="TeacherCallException">It is packed in a way that was not asked for and is not known, or wrongly.</exception>
    public static async Task<(string Text, bool IsWhole)> ReadAsync(Stream body, string? encoding, long most, CancellationToken cancel)
    {
        using var unpacked = Unpacked(body, encoding);
        using var bytes = new MemoryStream();
        var piece = new byte[Piece];
        try
        {
            while (await unpacked.ReadAsync(piece, cancel).ConfigureAwait(false) is > 0 and var count)
            {
                if (bytes.Length + count > most)
                {
                    bytes.Write(piece, 0, (int)(most - bytes.Length));
                    return (Text(bytes), false);
                }

                bytes.Write(piece, 0, count);
            }
        }
        catch (InvalidDataException exception)
        {
            throw new TeacherCallException(TeacherFailure.Passing, string.Create(CultureInfo.InvariantCulture, $"the response is said to be packed ({TeacherErrors.Quote(encoding ?? string.Empty)}) and cannot be unpacked"), innerException: exception);
        }

        return (Text(bytes), true);
    }

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');

    private static Stream Unpacked(Stream body, string? encoding) => encoding?.Trim().ToLowerInvariant() switch
    {
        null or "" or "identity" => body,
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        _ => throw new TeacherCallException(TeacherFailure.Setup, $"it packs its responses in a way that is not known here ({TeacherErrors.Quote(encoding)})"),
    };
}

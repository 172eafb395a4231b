using System.Text;

namespace Kpod.Datasets.Formats;

/// <summary>Reads a user's text file: UTF-8, or UTF-16 and UTF-32 with a byte order mark.</summary>
internal static class DatasetText
{
    private const long MaximumBytes = 1L << 30;

    /// <summary>Reads the whole file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its text without a byte order mark.</returns>
    /// <exception cref="KpodException">It is missing, unreadable, over 1 GiB, or holds bytes that are no text.</exception>
    public static string Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaximumBytes)
            {
                throw new KpodException($"{path}: has {stream.Length} bytes, more than the {MaximumBytes} that a data file may have. Split it, or take fewer records.");
            }

            using var reader = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException exception)
        {
            var bytes = string.Join(' ', (exception.BytesUnknown ?? []).Select(value => value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
            throw new KpodException($"{path}: holds the bytes {bytes}, which are no UTF-8. Save the file as UTF-8.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: cannot be read ({exception.Message})", exception);
        }
    }
}

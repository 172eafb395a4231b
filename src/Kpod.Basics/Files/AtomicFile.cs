namespace Kpod.Files;

/// <summary>Writes files so that a reader sees the old content or the new, never a part: a temporary file beside it, flushed to disk, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="WorkFailedException">The disk refuses (full, read-only, no permission); what was at <paramref name="path"/> is unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception exception)
        {
            TryDelete(temporary);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new WorkFailedException($"{path}: could not be written ({exception.Message}) What was there is unchanged; make room or choose another folder.", exception);
            }

            throw;
        }
    }

    /// <summary>Writes a text file, UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="WorkFailedException">The disk refuses; what was at <paramref name="path"/> is unchanged.</exception>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // The first error is the one to report.
        }
        catch (UnauthorizedAccessException)
        {
            // As above.
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parquet;
using Parquet.Serialization;

namespace Kpod.Datasets.Sources;

/// <summary>The rows of a Parquet file as records, nested columns as objects and lists; row groups are read one at a time.</summary>
internal static class ParquetRecords
{
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new CharactersConverter() } };

    /// <summary>Whether a file says of itself that it is one.</summary>
    /// <param name="start">Its first bytes.</param>
    /// <returns>True for a Parquet file.</returns>
    public static bool IsOne(ReadOnlySpan<byte> start) => start.StartsWith("PAR1"u8);

    /// <summary>Reads the rows.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A record a row.</returns>
    /// <exception cref="KpodException">The file is damaged, or a row group is too large.</exception>
    public static IEnumerable<SourceRecord> Read(string path)
    {
        using var stream = Seekable(path);
        var groups = Guarded(path, () => GroupSizes(stream));
        var number = 0;
        for (var group = 0; group < groups.Count; group++)
        {
            if (groups[group] > DataStream.MostBytes)
            {
                throw new KpodException(string.Create(CultureInfo.InvariantCulture, $"{path}: its row group {group + 1} has {groups[group]} bytes unpacked; at most {DataStream.MostBytes} are read at a time. Write it with smaller row groups."));
            }

            foreach (var row in Guarded(path, () => Rows(stream, group)))
            {
                yield return new SourceRecord($"row {number + 1}", number, () => JsonSerializer.SerializeToElement(row, Options));
                number++;
            }
        }
    }

    // Its table of contents stands at the end, so a packed file is unpacked beside the others first.
    private static FileStream Seekable(string path)
    {
        using var bytes = DataStream.Open(path);
        var first = new byte[4];
        var isPlain = IsOne(first.AsSpan(0, bytes.ReadAtLeast(first, 4, throwOnEndOfStream: false))) && File.OpenRead(path) is var plain && StartsPlain(plain);
        if (isPlain)
        {
            return File.OpenRead(path);
        }

        var unpacked = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            unpacked.Write(first);
            bytes.CopyTo(unpacked);
            unpacked.Position = 0;
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    private static bool StartsPlain(FileStream file)
    {
        using (file)
        {
            var start = new byte[4];
            return IsOne(start.AsSpan(0, file.ReadAtLeast(start, 4, throwOnEndOfStream: false)));
        }
    }

    private static List<long> GroupSizes(Stream stream)
    {
        var reader = ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult();
        try
        {
            return [.. reader.RowGroups.Select(group => group.RowGroup.TotalByteSize)];
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static IReadOnlyList<Dictionary<string, object>> Rows(Stream stream, int group)
    {
        stream.Position = 0;
        return [.. ParquetSerializer.DeserializeUntypedAsync(stream, new ParquetOptions(), group, CancellationToken.None).GetAwaiter().GetResult().Data];
    }

    // What a damaged file makes the package throw is of any kind.
    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is not (KpodException or OutOfMemoryException or OperationCanceledException))
        {
            throw new KpodException($"{path}: is no Parquet file that can be read ({exception.Message}). Fetch it again, or save it as JSON lines.", exception);
        }
    }
}

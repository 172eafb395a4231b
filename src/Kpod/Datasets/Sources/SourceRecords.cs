namespace Kpod.Datasets.Sources;

/// <summary>The records of any data file: its kind shows in its first bytes, that of a table of texts in its name.</summary>
internal static class SourceRecords
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; it is read no further than the records that are taken.</param>
    /// <returns>The records in order.</returns>
    /// <exception cref="KpodException">The file is missing, damaged, or of no kind that is read.</exception>
    public static IEnumerable<SourceRecord> Read(string path)
    {
        if (StartsParquet(path))
        {
            return ParquetRecords.Read(path);
        }

        return DataFileList.Extension(path) is ".csv" or ".tsv" ? CsvRecords.Read(path) : Json(path);
    }

    /// <summary>Whether a file holds XML.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True where its first visible character says so.</returns>
    public static bool IsXml(string path)
    {
        using var text = DataText.Open(path);
        return text.SkipSpace() == '<';
    }

    private static IEnumerable<SourceRecord> Json(string path)
    {
        using var text = DataText.Open(path);
        foreach (var record in JsonRecords.Read(text))
        {
            yield return record;
        }
    }

    private static bool StartsParquet(string path)
    {
        using var stream = DataStream.Open(path);
        var start = new byte[4];
        return ParquetRecords.IsOne(start.AsSpan(0, stream.ReadAtLeast(start, 4, throwOnEndOfStream: false)));
    }
}

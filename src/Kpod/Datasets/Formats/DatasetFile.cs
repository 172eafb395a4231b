using System.Text.Json;

namespace Kpod.Datasets.Formats;

/// <summary>Reads one file of a data set, record by record; a faulty record is reported with file and place and never passed over.</summary>
internal static class DatasetFile
{
    private const int MostFaults = 20;

    /// <summary>Reads a split.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="split">The split's name, which numbers records without an id.</param>
    /// <param name="limit">How many records to keep; all are checked.</param>
    /// <param name="faults">Takes what is wrong, with file and place.</param>
    /// <returns>The sound records in order.</returns>
    public static IReadOnlyList<DatasetRecord> Read(string path, DatasetFormat format, string split, int? limit, List<string> faults)
    {
        var records = new List<DatasetRecord>();
        var before = faults.Count;
        try
        {
            foreach (var (place, read) in Records(path, format, split))
            {
                ReadRecord($"{path}, {place}", read, records, faults);
                if (faults.Count - before == MostFaults)
                {
                    faults.Add($"{path}: the rest of the file was not read");
                    return records;
                }
            }
        }
        catch (KpodException fault)
        {
            faults.Add(fault.Message);
            return records;
        }

        if (records.Count == 0 && faults.Count == before)
        {
            faults.Add($"{path}: holds no question. The {split} split must have at least one{(split == "train" ? "." : $"; leave the key dataset.{split} out if there is none.")}");
        }

        return limit is { } most && records.Count > most ? records[..most] : records;
    }

    private static void ReadRecord(string place, Func<DatasetRecord> read, List<DatasetRecord> records, List<string> faults)
    {
        try
        {
            records.Add(read());
        }
        catch (RecordFaultException fault)
        {
            faults.Add($"{place}: {fault.Message}");
        }
        catch (JsonException exception)
        {
            faults.Add($"{place}: no JSON ({exception.Message})");
        }
    }

    private static IEnumerable<(string Place, Func<DatasetRecord> Read)> Records(string path, DatasetFormat format, string split) => format switch
    {
        DatasetFormat.JsonLines => Lines(path, split, JsonLinesQuestions.Read),
        DatasetFormat.Gsm8k => Lines(path, split, Gsm8kQuestions.Read),
        DatasetFormat.CommonsenseQa => Lines(path, split, CommonsenseQaQuestions.Read),
        DatasetFormat.Svamp => Elements(path, split, SvampQuestions.Read),
        DatasetFormat.MccKd => Elements(path, split, MccKdQuestions.Read),
        DatasetFormat.Asdiv => AsdivQuestions.Records(path),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such data set format."),
    };

    private static IEnumerable<(string Place, Func<DatasetRecord> Read)> Lines(string path, string split, Func<JsonElement, string, DatasetRecord> read)
    {
        // Lines end at \n only: U+2028 and its like may stand inside a JSON string.
        var lines = DatasetText.Read(path).Split('\n');
        for (var number = 1; number <= lines.Length; number++)
        {
            var line = lines[number - 1];
            if (!string.IsNullOrWhiteSpace(line))
            {
                var id = $"{split}-{number - 1:00000}";
                yield return ($"line {number}", () =>
                {
                    using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 32 });
                    return read(document.RootElement, id);
                }
                );
            }
        }
    }

    private static IEnumerable<(string Place, Func<DatasetRecord> Read)> Elements(string path, string split, Func<JsonElement, string, DatasetRecord> read)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(DatasetText.Read(path), new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException exception)
        {
            throw new KpodException($"{path}, line {exception.LineNumber + 1}: no JSON ({exception.Message})", exception);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                throw new KpodException($"{path}: is no JSON list of records. If it holds one record a line, its format is another one (dataset.format).");
            }

            var number = 0;
            foreach (var element in document.RootElement.EnumerateArray())
            {
                var id = $"{split}-{number++:00000}";
                yield return ($"record {number}", () => read(element, id));
            }
        }
    }
}

using System.Text.Json;
using Kpod.Runs;

namespace Kpod.Datasets;

/// <summary>Reads one file of a data set, record by record; a faulty record is reported with file and place and never passed over.</summary>
internal static class DatasetFile
{
    private const int MostFaults = 20;

    /// <summary>Reads a split.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="split">The split's name, which numbers records without an id.</param>
    /// <param name="limit">How many records to keep; all are checked.</param>
    /// <returns>The records in order.</returns>
    public static IReadOnlyList<DatasetRecord> Read(string path, DatasetFormat format, string split, int? limit)
    {
        var records = new List<DatasetRecord>();
        var faults = new List<string>();
        foreach (var (place, read) in Records(path, format, split))
        {
            try
            {
                records.Add(read());
            }
            catch (RecordFaultException fault)
            {
                faults.Add($"{path}, {place}: {fault.Message}");
            }
            catch (JsonException exception)
            {
                faults.Add($"{path}, {place}: no JSON ({exception.Message})");
            }

            if (faults.Count > MostFaults)
            {
                faults.Add("and so on; the rest of the file was not read");
                break;
            }
        }

        if (faults.Count > 0)
        {
            throw KpodException.FromFaults($"The {split} questions cannot be read", faults);
        }

        if (records.Count == 0)
        {
            throw new KpodException($"{path}: holds no question. The {split} split must have at least one; leave the key dataset.{split} out if there is none.");
        }

        return limit is { } most && records.Count > most ? records[..most] : records;
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
        var lines = JsonArtefact.ReadText(path).TrimStart('\uFEFF').Split('\n');
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
            document = JsonDocument.Parse(JsonArtefact.ReadText(path).TrimStart('\uFEFF'), new JsonDocumentOptions { MaxDepth = 32 });
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

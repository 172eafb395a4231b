using System.Text.Json;
using Kpod.Datasets.Formats;
using Kpod.Datasets.Records;
using Kpod.Datasets.Sources;
using Kpod.Recipes;

namespace Kpod.Datasets;

/// <summary>Reads the files of a split, record by record; a faulty record is reported with file and place and never passed over.</summary>
internal static class DatasetFile
{
    private const int MostFaults = 20;

    /// <summary>Reads a file of our own format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="split">The split's name, which numbers records without an id.</param>
    /// <param name="limit">How many records to read.</param>
    /// <param name="faults">Takes what is wrong, with file and place.</param>
    /// <returns>The sound records in order.</returns>
    public static IReadOnlyList<DatasetRecord> Read(string path, DatasetFormat format, string split, int? limit, List<string> faults)
    {
        var findings = new SplitFindings();
        var records = Read(path, new DatasetOptions { Train = path, Format = format, Limit = limit }, split, findings);
        faults.AddRange(findings.Faults);
        return records;
    }

    /// <summary>Reads a split.</summary>
    /// <param name="paths">Its files and folders.</param>
    /// <param name="options">Format, columns and limit.</param>
    /// <param name="split">The split's name, which numbers records without an id.</param>
    /// <param name="findings">Takes what is wrong, with file and place, and what is worth knowing.</param>
    /// <returns>The sound records in order.</returns>
    public static IReadOnlyList<DatasetRecord> Read(DataPaths paths, DatasetOptions options, string split, SplitFindings findings)
    {
        var records = new List<DatasetRecord>();
        var before = findings.Faults.Count;
        try
        {
            var first = 0;
            foreach (var file in DataFileList.Of(paths, split))
            {
                first = ReadFile(file, options, split, first, records, findings);
                if (records.Count >= options.Limit)
                {
                    break;
                }
            }
        }
        catch (KpodException fault)
        {
            findings.Faults.Add(fault.Message);
            return records;
        }

        if (records.Count == 0 && findings.Faults.Count == before)
        {
            findings.Faults.Add($"{paths}: holds no question. The {split} split must have at least one{(split == "train" ? "." : $"; leave the key dataset.{split} out if there is none.")}");
        }

        return records;
    }

    // Gives the number of the next file's first record.
    private static int ReadFile(string path, DatasetOptions options, string split, int first, List<DatasetRecord> records, SplitFindings findings)
    {
        var before = findings.Faults.Count;
        var next = first;
        var reader = new RecordReader(path, options, findings);
        foreach (var record in reader.Records())
        {
            if (records.Count >= options.Limit)
            {
                return next;
            }

            next = first + record.Number + 1;
            ReadRecord($"{path}, {record.Place}", () => reader.Read(record, $"{split}-{first + record.Number:00000}"), records, findings.Faults);
            if (findings.Faults.Count - before >= MostFaults)
            {
                findings.Faults.Add($"{path}: the rest of the file was not read");
                return next;
            }
        }

        findings.Faults.AddRange(reader.Missing().Select(fault => $"{path}: {fault}"));
        return next;
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
}

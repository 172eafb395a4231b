using System.Text;
using System.Text.Json;
using Kpod.Datasets.Records;
using Sylvan.Data.Csv;

namespace Kpod.Datasets.Sources;

/// <summary>The rows of a CSV or TSV file with a row of names on top, as records of texts; an empty cell is a field that is not there. Quotes and line breaks in cells are those of RFC 4180.</summary>
internal static class CsvRecords
{
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>Reads the rows.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A record a row.</returns>
    /// <exception cref="KpodException">The file is no CSV, or a row is too long.</exception>
    public static IEnumerable<SourceRecord> Read(string path)
    {
        var separator = Separator(path);
        using var text = DataText.Reader(path);
        using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions
        {
            HasHeaders = false,
            Delimiter = separator,
            OwnsReader = false,
            ResultSetMode = ResultSetMode.SingleResult,
            BufferSize = 1 << 16,
            MaxBufferSize = DataText.MostInRecord,
        });
        string[]? names = null;
        for (var number = 0; Advance(path, reader); number++)
        {
            var cells = Guarded(path, () => Cells(reader));
            if (names is null)
            {
                names = Names(path, cells);
            }
            else if (cells.Any(cell => cell.Length > 0))
            {
                yield return Record(names, cells, number);
            }
        }
    }

    private static SourceRecord Record(string[] names, string[] cells, int row) => new($"row {row + 1}", row - 1, () =>
    {
        if (cells.Length > names.Length)
        {
            throw new RecordFaultException($"has {cells.Length} cells, but the row of names has {names.Length}. A cell with separators or line breaks stands between double quotes.");
        }

        var fields = names.Zip(cells).Where(pair => pair.Second.Length > 0).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return JsonSerializer.SerializeToElement(fields);
    });

    private static string[] Names(string path, string[] cells)
    {
        var names = cells.Select(cell => cell.Trim()).ToArray();
        var twice = names.Where(name => name.Length > 0).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1);
        return twice is not null ? throw new KpodException($"{path}, row 1: names the column '{twice.Key}' twice.")
            : [.. names.Select((name, index) => name.Length > 0 ? name : $"column {index + 1}")];
    }

    private static string[] Cells(CsvDataReader reader)
    {
        var cells = new string[reader.RowFieldCount];
        for (var index = 0; index < cells.Length; index++)
        {
            cells[index] = reader.GetString(index);
        }

        return cells;
    }

    // The sign that stands most often in the row of names; a comma or, by the file's name, a tab where there is none.
    private static char Separator(string path)
    {
        using var text = DataText.Open(path);
        var line = text.ReadLine(out var isWhole) ?? string.Empty;
        if (!isWhole)
        {
            throw text.TooLong(1);
        }

        var bare = string.Concat(line.Split('"').Where((_, index) => index % 2 == 0));
        var usual = DataFileList.Extension(path) == ".tsv" ? '\t' : ',';
        return bare.Contains(usual, StringComparison.Ordinal) ? usual : Separators.OrderByDescending(sign => bare.Count(character => character == sign)).First(sign => sign == usual || bare.Contains(sign, StringComparison.Ordinal));
    }

    private static bool Advance(string path, CsvDataReader reader) => Guarded(path, reader.Read);

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (CsvRecordTooLargeException exception)
        {
            throw new KpodException($"{path}, row {exception.RowNumber}: is longer than the {DataText.MostInRecord} characters that a record may have. Is a closing quote missing?", exception);
        }
        catch (CsvFormatException exception)
        {
            throw new KpodException($"{path}, row {exception.RowNumber}: no CSV ({exception.Message}). A cell with quotes stands between double quotes, those inside doubled.", exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw DataText.NoText(path, exception);
        }
    }
}

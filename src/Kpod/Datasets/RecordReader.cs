using System.Text.Json;
using Kpod.Datasets.Formats;
using Kpod.Datasets.Records;
using Kpod.Datasets.Sources;

namespace Kpod.Datasets;

/// <summary>Understands the records of one data file: in the format that is named, by the fields that are mapped, or in the format that the first record shows.</summary>
internal sealed class RecordReader
{
    private static readonly string[] Asked = ["question", "answer", "rationale"];

    private readonly string _path;
    private readonly DatasetOptions _options;
    private readonly SplitFindings _findings;
    private FieldQuestions? _fields;
    private Func<JsonElement, string, DatasetRecord>? _read;

    /// <summary>Prepares to read a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Format and columns.</param>
    /// <param name="findings">Takes what is worth knowing.</param>
    public RecordReader(string path, DatasetOptions options, SplitFindings findings)
    {
        _path = path;
        _options = options;
        _findings = findings;
    }

    /// <summary>The records of the file, unread.</summary>
    /// <returns>The records in order.</returns>
    public IEnumerable<FileRecord> Records()
    {
        var isXml = _options.Format == DatasetFormat.Asdiv || (_options.Format is null && DataFileList.Extension(_path) == ".xml");
        return isXml
            ? AsdivQuestions.Records(_path).Select((problem, number) => new FileRecord(problem.Place, number, null, problem.Read))
            : SourceRecords.Read(_path).Select(record => new FileRecord(record.Place, record.Number, record.Read, null));
    }

    /// <summary>Reads a record.</summary>
    /// <param name="record">One of <see cref="Records"/>.</param>
    /// <param name="fallbackId">Its id where it has none of its own.</param>
    /// <returns>The question with its rationales.</returns>
    public DatasetRecord Read(FileRecord record, string fallbackId)
    {
        if (record.Read is { } read)
        {
            return read();
        }

        var json = record.Json!();
        _read ??= _options.Columns is { } columns ? Fields(columns) : ReaderOf(_options.Format ?? Found(json));
        return _read(json, fallbackId);
    }

    /// <summary>What all records lack that was asked for.</summary>
    /// <returns>One message a field.</returns>
    public IEnumerable<string> Missing() => _fields?.Missing() ?? [];

    private Func<JsonElement, string, DatasetRecord> ReaderOf(DatasetFormat format) => format switch
    {
        DatasetFormat.JsonLines => Fields(new DatasetColumns()),
        DatasetFormat.Gsm8k => Gsm8kQuestions.Read,
        DatasetFormat.CommonsenseQa => CommonsenseQaQuestions.Read,
        DatasetFormat.Svamp => SvampQuestions.Read,
        DatasetFormat.MccKd => MccKdQuestions.Read,
        DatasetFormat.Alpaca => ConversationQuestions.Alpaca,
        DatasetFormat.ShareGpt => new ConversationQuestions(_path, _findings).ShareGpt,
        DatasetFormat.Messages => new ConversationQuestions(_path, _findings).Messages,
        DatasetFormat.PromptCompletion => ConversationQuestions.Prompt,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format of records."),
    };

    private Func<JsonElement, string, DatasetRecord> Fields(DatasetColumns columns)
    {
        _fields = new FieldQuestions(columns, _path, _findings);
        return _fields.Read;
    }

    private DatasetFormat Found(JsonElement first)
    {
        var format = RecordShape.Find(first);
        if (format is null)
        {
            var paths = RecordField.Paths(first).ToList();
            var hints = Asked.Select(option => (option, Near: NearestName.For(option == "rationale" ? "rationales" : option, paths))).Where(hint => hint.Near is not null)
                .Select(hint => $"{hint.option}: {hint.Near}").ToList();
            throw new KpodException(
                $"{_path}: has records of no known format, with the fields {string.Join(", ", paths.Take(12))}. Say which hold what: dataset.columns: {{ {(hints.Count == 0 ? "question: ..., answer: ..." : string.Join(", ", hints))} }}");
        }

        if (format != DatasetFormat.JsonLines)
        {
            _findings.Notes.Add($"{_path}: read as {JsonNamingPolicy.CamelCase.ConvertName(format.Value.ToString())}, which its fields show (dataset.format).");
        }

        return format.Value;
    }
}

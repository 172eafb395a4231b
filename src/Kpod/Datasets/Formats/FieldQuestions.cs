using System.Text.Json;
using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>
/// Records whose fields are named: by our own format (<c>id?, question, answer, choices?, rationales?</c>), or by the user's mapping. The answer may be missing where a rationale gives it, or stand
/// behind <c>####</c> at the end of a solution, as in GSM8K.
/// </summary>
internal sealed class FieldQuestions
{
    private const string IdKey = "id";
    private const string SingleRationale = "rationale";

    private readonly DatasetColumns _columns;
    private readonly string _path;
    private readonly SplitFindings _findings;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? _firstPaths;

    /// <summary>Prepares to read the records of a file.</summary>
    /// <param name="columns">Which fields hold what.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="findings">Takes what is not read although it looks like something.</param>
    public FieldQuestions(DatasetColumns columns, string path, SplitFindings findings)
    {
        _path = path;
        _columns = columns;
        _findings = findings;
    }

    private string QuestionKey => _columns.Question ?? "question";

    private string AnswerKey => _columns.Answer ?? "answer";

    private string RationalesKey => _columns.Rationale ?? "rationales";

    private string ChoicesKey => _columns.Choices ?? "choices";

    /// <summary>Reads a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="fallbackId">Its id where it has none of its own.</param>
    /// <returns>The question with its rationales.</returns>
    public DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        _firstPaths ??= [.. RecordField.Paths(record)];
        var text = RecordElement.NotBlank(RecordElement.String(Required(record, QuestionKey, "question"), QuestionKey), QuestionKey);
        var id = RecordElement.Id(record, IdKey, fallbackId);
        var listed = Optional(record, ChoicesKey);
        var choices = listed is { } given ? ChoiceList.Read(given, ChoicesKey) : null;
        var rationales = Rationales(record);
        var question = Answered(record, new Question { Id = id, Text = text, Answer = string.Empty, Choices = choices }, listed, ref rationales);
        RecordElement.CheckChoice(question);
        NameUnread(record);
        return new DatasetRecord(question, rationales);
    }

    /// <summary>Names the mapped fields that no record had.</summary>
    /// <returns>One message a field.</returns>
    public IEnumerable<string> Missing()
    {
        foreach (var (option, path) in new[] { ("rationale", _columns.Rationale), ("choices", _columns.Choices) })
        {
            if (path is not null && _firstPaths is not null && !_seen.Contains(path))
            {
                yield return $"no record has the field '{path}' that dataset.columns.{option} names{Hint(path, option, _firstPaths)}";
            }
        }
    }

    private Question Answered(JsonElement record, Question question, JsonElement? listed, ref IReadOnlyList<RecordedRationale> rationales)
    {
        if (Optional(record, AnswerKey) is not { } answer)
        {
            return rationales.Count == 0 ? throw Lacks(record, AnswerKey, "answer")
                : question with
                {
                    Answer = GoldFromRationale.Find(rationales[0].Original ?? rationales[0].Text, question.Choices, out _)
                        ?? throw new RecordFaultException($"lacks the field '{AnswerKey}', and no answer is found in its rationale ('{RationalesKey}')."),
                };
        }

        if (question.Choices is { } choices)
        {
            return question with { Answer = ChoiceList.Letter(answer, AnswerKey, choices, listed is { } list && ChoiceList.IsListed(list)) };
        }

        if (answer.ValueKind == JsonValueKind.String && Gsm8kQuestions.Split(RecordElement.String(answer, AnswerKey)) is { Answer.Length: > 0 } solution)
        {
            rationales = rationales.Count > 0 || solution.Solution.Length == 0 ? rationales : [new RecordedRationale(solution.Solution, RecordedRationale.Human)];
            return question with { Answer = solution.Answer };
        }

        return question with { Answer = RecordElement.AnswerOf(answer, AnswerKey) };
    }

    private IReadOnlyList<RecordedRationale> Rationales(JsonElement record)
    {
        if (Optional(record, RationalesKey) is { } list)
        {
            return RationaleList.Read(list, RationalesKey);
        }

        if (_columns.Rationale is not null || Optional(record, SingleRationale) is not { } single)
        {
            return [];
        }

        _findings.Notes.AddRange(_seen.Add($"{SingleRationale} as {RationalesKey}") ? [$"{_path}: the key '{SingleRationale}' is read as '{RationalesKey}'."] : []);
        return RationaleList.Read(single, SingleRationale);
    }

    private void NameUnread(JsonElement record)
    {
        string[] read = [QuestionKey, AnswerKey, RationalesKey, ChoicesKey, IdKey, SingleRationale];
        foreach (var (field, key) in new[] { ("question", QuestionKey), ("answer", AnswerKey), ("rationales", RationalesKey), ("choices", ChoicesKey) })
        {
            if (field == "question" || Optional(record, key) is not null || (field == "rationales" && Optional(record, SingleRationale) is not null))
            {
                continue;
            }

            var others = record.EnumerateObject().Select(member => member.Name).Where(name => !read.Contains(name)).ToList();
            if (NearestName.For(field, others) is { } near)
            {
                _findings.Remark($"{_path} {near}", $"{_path}: the key '{near}' is not read, though it looks like '{key}'. Call it so, or map it (dataset.columns.{Option(field)}: {near}).");
            }
        }
    }

    private JsonElement? Optional(JsonElement record, string path)
    {
        var value = RecordField.Find(record, path);
        if (value is not null)
        {
            _seen.Add(path);
        }

        return value;
    }

    private JsonElement Required(JsonElement record, string path, string option) => Optional(record, path) ?? throw Lacks(record, path, option);

    private static RecordFaultException Lacks(JsonElement record, string path, string option) => new($"lacks the field '{path}'{Hint(path, option, [.. RecordField.Paths(record)])}");

    private static string Hint(string path, string option, IReadOnlyList<string> present)
    {
        var others = present.Where(name => name != path).ToList();
        var near = NearestName.Among(path, others) ?? NearestName.For(option, others);
        return near is null ? "." : $"; did you mean '{near}'? (dataset.columns.{option}: {near})";
    }

    private static string Option(string field) => field == "rationales" ? "rationale" : field;
}

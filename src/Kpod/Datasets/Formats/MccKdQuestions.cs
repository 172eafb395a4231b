using System.Text.Json;
using System.Text.RegularExpressions;
using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>MCC-KD (Chen et al., 2023): <c>instruction, output, label</c>, with one output or a list of them; choices stand in the instruction, a letter a line.</summary>
internal static partial class MccKdQuestions
{
    private const string ChoicesHeading = "Answer Choices:";

    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var text = RecordElement.Text(record, "instruction").Trim();
        var heading = text.IndexOf(ChoicesHeading, StringComparison.Ordinal);
        var question = new Question
        {
            Id = fallbackId,
            Text = heading < 0 ? text : text[..heading].Trim(),
            Answer = RecordElement.Answer(record, "label"),
            Choices = heading < 0 ? null : Choices(text[(heading + ChoicesHeading.Length)..]),
        };
        if (question.Text.Length == 0)
        {
            throw new RecordFaultException("has choices but no question in the field 'instruction'.");
        }

        RecordElement.CheckChoice(question);
        return new DatasetRecord(question, [.. Outputs(record).Where(output => !string.IsNullOrWhiteSpace(output)).Select(output => new RecordedRationale(output, "MCC-KD"))]);
    }

    private static Dictionary<string, string> Choices(string lines)
    {
        var choices = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in Choice().Matches(lines))
        {
            RecordElement.AddChoice(choices, match.Groups[1].Value, match.Groups[2].Value.Trim());
        }

        return choices;
    }

    private static IEnumerable<string> Outputs(JsonElement record) => RecordElement.Optional(record, "output") switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } output => [RecordElement.String(output, "output")],
        { } list => RecordElement.List(list, "output").Select(output => RecordElement.String(output, "output")),
    };

    [GeneratedRegex(@"^\s*([A-Z])\.\s*(.+)$", RegexOptions.Multiline)]
    private static partial Regex Choice();
}

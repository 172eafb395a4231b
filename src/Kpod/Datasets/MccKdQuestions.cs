using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kpod.Datasets;

/// <summary>MCC-KD (Chen et al., 2023): <c>instruction, output, label</c>, with one output or a list of them; choices stand in the instruction, a letter a line.</summary>
internal static partial class MccKdQuestions
{
    private const string ChoicesHeading = "Answer Choices:";

    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var text = RecordElement.Text(record, "instruction").Trim();
        var heading = text.IndexOf(ChoicesHeading, StringComparison.Ordinal);
        var choices = heading < 0 ? null : Choice().Matches(text[(heading + ChoicesHeading.Length)..]).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Trim());
        var question = new Question
        {
            Id = fallbackId,
            Text = heading < 0 ? text : text[..heading].Trim(),
            Answer = RecordElement.Answer(record, "label"),
            Choices = choices is { Count: > 0 } ? choices : null,
        };
        if (question.Choices is not null && !question.Choices.ContainsKey(question.Answer))
        {
            throw new RecordFaultException($"has the label '{question.Answer}', which is none of its choices ({string.Join(", ", question.Choices.Keys)}).");
        }

        return new DatasetRecord(question, [.. Outputs(record).Where(output => !string.IsNullOrWhiteSpace(output)).Select(output => new RecordedRationale(output, "MCC-KD"))]);
    }

    private static IEnumerable<string> Outputs(JsonElement record)
    {
        if (RecordElement.Optional(record, "output") is not { } output)
        {
            return [];
        }

        return output.ValueKind == JsonValueKind.String
            ? [output.GetString()!]
            : RecordElement.List(output, "output").Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw new RecordFaultException("has an output that is no text."));
    }

    [GeneratedRegex(@"^\s*([A-Z])\.\s*(.+)$", RegexOptions.Multiline)]
    private static partial Regex Choice();
}

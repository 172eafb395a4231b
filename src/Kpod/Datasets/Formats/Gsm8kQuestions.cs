using System.Text.Json;
using System.Text.RegularExpressions;
using Kpod.Datasets.Questions;

namespace Kpod.Datasets.Formats;

/// <summary>GSM8K (Cobbe et al., 2021): <c>question, answer</c>; the answer is a human's solution with calculator notes in &lt;&lt;&gt;&gt; and ends in <c>#### y</c>.</summary>
internal static partial class Gsm8kQuestions
{
    private const string Marker = "####";

    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var solution = RecordElement.Text(record, "answer");
        var marker = solution.LastIndexOf(Marker, StringComparison.Ordinal);
        var answer = marker < 0 ? string.Empty : solution[(marker + Marker.Length)..].Trim();
        if (answer.Length == 0)
        {
            throw new RecordFaultException($"has an answer without '{Marker} y' at its end, so the gold answer is missing.");
        }

        var question = new Question { Id = fallbackId, Text = RecordElement.Text(record, "question").Trim(), Answer = RecordElement.WithoutThousandsCommas(answer) };
        var human = CalculatorNote().Replace(solution[..marker], string.Empty).Trim();
        return new DatasetRecord(question, human.Length == 0 ? [] : [new RecordedRationale(human, RecordedRationale.Human)]);
    }

    [GeneratedRegex("<<[^>]*>>")]
    private static partial Regex CalculatorNote();
}

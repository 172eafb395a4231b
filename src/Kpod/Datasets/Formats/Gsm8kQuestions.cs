using System.Text.Json;
using System.Text.RegularExpressions;
using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>GSM8K (Cobbe et al., 2021): <c>question, answer</c>; the answer is a human's solution with calculator notes in &lt;&lt;&gt;&gt; and ends in <c>#### y</c>.</summary>
internal static partial class Gsm8kQuestions
{
    private const string Marker = "####";

    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var solution = RecordElement.Text(record, "answer");
        if (Split(solution) is not { Answer.Length: > 0 } split)
        {
            throw new RecordFaultException($"has an answer without '{Marker} y' at its end, so the gold answer is missing.");
        }

        var question = new Question { Id = fallbackId, Text = RecordElement.Text(record, "question").Trim(), Answer = split.Answer };
        var human = split.Solution;
        return new DatasetRecord(question, human.Length == 0 ? [] : [new RecordedRationale(human, RecordedRationale.Human)]);
    }

    /// <summary>Splits a solution at its marker.</summary>
    /// <param name="solution">The solution.</param>
    /// <returns>The solution without calculator notes and the answer, which may be empty; null where there is no marker.</returns>
    public static (string Solution, string Answer)? Split(string solution)
    {
        var marker = solution.LastIndexOf(Marker, StringComparison.Ordinal);
        return marker < 0 ? null
            : (CalculatorNote().Replace(solution[..marker], string.Empty).Trim(), RecordElement.WithoutThousandsCommas(solution[(marker + Marker.Length)..].Trim()));
    }

    [GeneratedRegex("<<[^>]*>>")]
    private static partial Regex CalculatorNote();
}

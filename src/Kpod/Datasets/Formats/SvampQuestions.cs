using System.Text.Json;
using System.Text.RegularExpressions;
using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>SVAMP (Patel et al., 2021): <c>ID, Body, Question, Answer</c>.</summary>
internal static partial class SvampQuestions
{
    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        return new DatasetRecord(
            new Question
            {
                Id = RecordElement.Id(record, "ID", fallbackId),
                Text = Join(RecordElement.Text(record, "Body"), RecordElement.Text(record, "Question")),
                Answer = WithoutZeros().Replace(RecordElement.Answer(record, "Answer"), string.Empty),
            },
            []);
    }

    /// <summary>Body and question with a space between, as in the splits of MCC-KD and KPOD, even where the body ends in the middle of a sentence.</summary>
    internal static string Join(string body, string question) => $"{body.Trim()} {question.Trim()}";

    // The hub has its answers as texts of real numbers, 7.0.
    [GeneratedRegex(@"(?<=^-?\d+)\.0+$", RegexOptions.CultureInvariant)]
    private static partial Regex WithoutZeros();
}

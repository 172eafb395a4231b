using System.Text.Json;
using Kpod.Datasets.Questions;

namespace Kpod.Datasets.Formats;

/// <summary>SVAMP (Patel et al., 2021): <c>ID, Body, Question, Answer</c>.</summary>
internal static class SvampQuestions
{
    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        return new DatasetRecord(
            new Question
            {
                Id = RecordElement.Id(record, "ID", fallbackId),
                Text = Join(RecordElement.Text(record, "Body"), RecordElement.Text(record, "Question")),
                Answer = RecordElement.Answer(record, "Answer"),
            },
            []);
    }

    /// <summary>Body and question with a space between, as in the splits of MCC-KD and KPOD, even where the body ends in the middle of a sentence.</summary>
    internal static string Join(string body, string question) => $"{body.Trim()} {question.Trim()}";
}

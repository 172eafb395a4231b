using System.Text.Json;

namespace Kpod.Datasets;

/// <summary>SVAMP (Patel et al., 2021): <c>ID, Body, Question, Answer</c>.</summary>
internal static class SvampQuestions
{
    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        return new DatasetRecord(
            new Question
            {
                Id = RecordElement.Optional(record, "ID") is null ? fallbackId : RecordElement.Text(record, "ID"),
                Text = Join(RecordElement.Text(record, "Body"), RecordElement.Text(record, "Question")),
                Answer = RecordElement.Answer(record, "Answer"),
            },
            []);
    }

    /// <summary>Body and question as one text; a body that ends in the middle of a sentence gets its comma.</summary>
    internal static string Join(string body, string question)
    {
        body = body.Trim();
        return body.Length == 0 ? question.Trim() : body[^1] is '.' or '!' or '?' or ',' or ';' or ':' ? $"{body} {question.Trim()}" : $"{body}, {question.Trim()}";
    }
}

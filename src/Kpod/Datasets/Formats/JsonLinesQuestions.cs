using System.Text.Json;
using Kpod.Datasets.Questions;

namespace Kpod.Datasets.Formats;

/// <summary>
/// Our own format: <c>id?, question, answer, choices?, rationales? [{text, teacher?, raw?, finishReason?}]</c>; other fields are passed over. <c>raw</c> is a rationale
/// as its teacher wrote it, with the answer sentence that <c>text</c> lacks.
/// </summary>
internal static class JsonLinesQuestions
{
    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var question = new Question
        {
            Id = RecordElement.Id(record, "id", fallbackId),
            Text = RecordElement.Text(record, "question"),
            Answer = RecordElement.Answer(record, "answer"),
            Choices = RecordElement.Optional(record, "choices") is { } choices ? RecordElement.Choices(choices) : null,
        };
        RecordElement.CheckChoice(question);
        var rationales = RecordElement.Optional(record, "rationales") is { } list ? RecordElement.List(list, "rationales").Select(Rationale) : [];
        return new DatasetRecord(question, [.. rationales]);
    }

    private static RecordedRationale Rationale(JsonElement rationale)
    {
        rationale = RecordElement.Object(rationale);
        string? Optional(string key) => RecordElement.Optional(rationale, key) is { } value ? RecordElement.String(value, key) : null;
        return new RecordedRationale(
            RecordElement.String(RecordElement.Required(rationale, "text"), "text"),
            Optional("teacher") ?? RecordedRationale.UnknownTeacher,
            Optional("finishReason"),
            Optional("raw"));
    }
}

using System.Text.Json;

namespace Kpod.Datasets;

/// <summary>Our own format: <c>id, question, answer, choices?, rationales? [{text, teacher?, finishReason?}]</c>; other fields are passed over.</summary>
internal static class JsonLinesQuestions
{
    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var choices = RecordElement.Optional(record, "choices") is { } given ? Choices(given) : null;
        var question = new Question
        {
            Id = RecordElement.Optional(record, "id") is null ? fallbackId : RecordElement.Text(record, "id"),
            Text = RecordElement.Text(record, "question"),
            Answer = RecordElement.Answer(record, "answer"),
            Choices = choices,
        };
        if (choices is not null && !choices.ContainsKey(question.Answer))
        {
            throw new RecordFaultException($"has the answer '{question.Answer}', which is none of its choices ({string.Join(", ", choices.Keys)}).");
        }

        var rationales = RecordElement.Optional(record, "rationales") is { } list ? RecordElement.List(list, "rationales").Select(Rationale).ToArray() : [];
        return new DatasetRecord(question, rationales);
    }

    private static Dictionary<string, string> Choices(JsonElement given) => RecordElement.Object(given).EnumerateObject()
        .ToDictionary(choice => choice.Name, choice => choice.Value.ValueKind == JsonValueKind.String ? choice.Value.GetString()! : throw new RecordFaultException($"has a choice '{choice.Name}' that is no text."));

    private static RecordedRationale Rationale(JsonElement rationale)
    {
        rationale = RecordElement.Object(rationale);
        var text = RecordElement.Required(rationale, "text");
        return new RecordedRationale(
            text.ValueKind == JsonValueKind.String ? text.GetString()! : throw new RecordFaultException("has a rationale whose 'text' is no text."),
            RecordElement.Optional(rationale, "teacher") is null ? "unknown" : RecordElement.Text(rationale, "teacher"),
            RecordElement.Optional(rationale, "finishReason") is null ? null : RecordElement.Text(rationale, "finishReason"));
    }
}

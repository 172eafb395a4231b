using System.Text.Json;

namespace Kpod.Datasets;

/// <summary>CommonsenseQA (Talmor et al., 2019): <c>id, question {stem, choices [{label, text}]}, answerKey</c>.</summary>
internal static class CommonsenseQaQuestions
{
    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var inner = RecordElement.Object(RecordElement.Required(record, "question"));
        var choices = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var choice in RecordElement.List(RecordElement.Required(inner, "choices"), "choices"))
        {
            var label = RecordElement.Text(RecordElement.Object(choice), "label");
            if (!choices.TryAdd(label, RecordElement.Text(choice, "text")))
            {
                throw new RecordFaultException($"has the choice '{label}' twice.");
            }
        }

        var answer = RecordElement.Text(record, "answerKey");
        return choices.ContainsKey(answer)
            ? new DatasetRecord(
                new Question { Id = RecordElement.Optional(record, "id") is null ? fallbackId : RecordElement.Text(record, "id"), Text = RecordElement.Text(inner, "stem"), Answer = answer, Choices = choices },
                [])
            : throw new RecordFaultException($"has the answerKey '{answer}', which is none of its choices ({string.Join(", ", choices.Keys)}).");
    }
}

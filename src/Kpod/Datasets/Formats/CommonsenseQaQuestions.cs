using System.Text.Json;
using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>CommonsenseQA (Talmor et al., 2019): <c>id, question {stem, choices [{label, text}]}, answerKey</c>, or as the hub has it, <c>id, question, choices {label [], text []}, answerKey</c>.</summary>
internal static class CommonsenseQaQuestions
{
    public static DatasetRecord Read(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var stem = RecordElement.Required(record, "question");
        var isFlat = stem.ValueKind == JsonValueKind.String;
        var inner = isFlat ? record : RecordElement.Object(stem);
        var choices = ChoiceList.Read(RecordElement.Required(inner, "choices"), "choices");
        if (RecordElement.Optional(record, "answerKey") is not { } key || string.IsNullOrWhiteSpace(RecordElement.String(key, "answerKey")))
        {
            throw new RecordFaultException("lacks the field 'answerKey', so it has no answer. The official test file comes without answers and cannot be used; take a part of the other files (MCC-KD judges by the official validation file).");
        }

        var question = new Question { Id = RecordElement.Id(record, "id", fallbackId), Text = RecordElement.Text(inner, isFlat ? "question" : "stem"), Answer = RecordElement.Text(record, "answerKey").Trim(), Choices = choices };
        RecordElement.CheckChoice(question);
        return new DatasetRecord(question, []);
    }
}

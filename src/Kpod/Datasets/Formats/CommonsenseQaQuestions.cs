using System.Text.Json;
using Kpod.Datasets.Questions;

namespace Kpod.Datasets.Formats;

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
            RecordElement.AddChoice(choices, RecordElement.Text(RecordElement.Object(choice), "label").Trim(), RecordElement.Text(choice, "text"));
        }

        if (RecordElement.Optional(record, "answerKey") is null)
        {
            throw new RecordFaultException("lacks the field 'answerKey', so it has no answer. The official test file comes without answers and cannot be used; take a part of the other files (MCC-KD judges by the official validation file).");
        }

        var question = new Question { Id = RecordElement.Id(record, "id", fallbackId), Text = RecordElement.Text(inner, "stem"), Answer = RecordElement.Text(record, "answerKey").Trim(), Choices = choices };
        RecordElement.CheckChoice(question);
        return new DatasetRecord(question, []);
    }
}

using System.Text.Json;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>Tells a data set's format by the fields of its first record.</summary>
internal static class RecordShape
{
    /// <summary>Finds the format.</summary>
    /// <param name="record">The first record.</param>
    /// <returns>The format; null where the fields do not tell it.</returns>
    public static DatasetFormat? Find(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            return DatasetFormat.JsonLines;
        }

        bool Has(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                if (RecordElement.Optional(record, key) is null)
                {
                    return false;
                }
            }

            return true;
        }

        return Has("messages") ? DatasetFormat.Messages
            : Has("conversations") ? DatasetFormat.ShareGpt
            : Has("Body", "Question") ? DatasetFormat.Svamp
            : Has("question", "answerKey") || (Has("question", "choices") && record.GetProperty("question").ValueKind == JsonValueKind.Object) ? DatasetFormat.CommonsenseQa
            : Has("instruction", "label") ? DatasetFormat.MccKd
            : Has("instruction", "output") ? DatasetFormat.Alpaca
            : Has("question", "answer") && IsSolution(record.GetProperty("answer")) && !Has("choices") ? DatasetFormat.Gsm8k
            : Has("prompt", "completion") || (Has("prompt", "response") && !Has("question")) ? DatasetFormat.PromptCompletion
            : Has("question") || record.EnumerateObject().Any(member => member.Name is "answer" or "rationales") ? DatasetFormat.JsonLines
            : null;
    }

    private static bool IsSolution(JsonElement answer) => answer.ValueKind == JsonValueKind.String && Gsm8kQuestions.Split(RecordElement.String(answer, "answer")) is { Answer.Length: > 0 };
}

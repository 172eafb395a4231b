using System.Text.Json;
using Kpod.Datasets.Formats;
using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;

namespace Kpod.RationaleGeneration.Rationales;

/// <summary>
/// Reads a file of recorded rationales: JSON Lines with <c>questionId</c> and <c>text</c>, and where known <c>teacher</c>, <c>finishReason</c>, <c>raw</c> (the text with its answer
/// sentence), <c>extractedAnswer</c>, <c>givenAnswer</c>, <c>outputTokens</c>, <c>cost</c>, <c>currency</c> and <c>request</c>. A run's <c>02-rationales.jsonl</c> is one.
/// </summary>
internal static class RecordedRationaleFile
{
    private const int MostFaults = 20;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="questions">The training questions.</param>
    /// <param name="allowOthers">Whether rationales of other questions are passed over, as for a trial with fewer questions; else each is a fault.</param>
    /// <returns>Rationales by question id, in the file's order.</returns>
    /// <exception cref="KpodException">Lines are faulty; the message names each.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>> Read(string path, IReadOnlyList<Question> questions, bool allowOthers = false)
    {
        var byQuestion = questions.ToDictionary(question => question.Id, _ => new List<RecordedRationale>(), StringComparer.Ordinal);
        var faults = new List<string>();
        var lines = DatasetText.Read(path).Split('\n');
        for (var number = 1; number <= lines.Length && faults.Count < MostFaults; number++)
        {
            if (!string.IsNullOrWhiteSpace(lines[number - 1]) && Take(lines[number - 1], byQuestion, allowOthers) is { } fault)
            {
                faults.Add($"{path}, line {number}: {fault}");
            }
        }

        return faults.Count == 0
            ? byQuestion.Where(pair => pair.Value.Count > 0).ToDictionary(pair => pair.Key, pair => (IReadOnlyList<RecordedRationale>)pair.Value)
            : throw KpodException.FromFaults("The rationales cannot be read", faults.Count < MostFaults ? faults : [.. faults, $"{path}: the rest of the file was not read"]);
    }

    private static string? Take(string line, Dictionary<string, List<RecordedRationale>> byQuestion, bool allowOthers)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 16 });
            var record = RecordElement.Object(document.RootElement);
            string? Optional(string key) => RecordElement.Optional(record, key) is { } value ? RecordElement.String(value, key) : null;
            var questionId = RecordElement.Text(record, "questionId");
            var rationale = new RecordedRationale(
                RecordElement.String(RecordElement.Required(record, "text"), "text"), Optional("teacher") ?? RecordedRationale.UnknownTeacher, Optional("finishReason"), Optional("raw"), Optional("extractedAnswer"))
            {
                GivenAnswer = Optional("givenAnswer"),
                OutputTokens = RecordElement.Optional(record, "outputTokens") is { ValueKind: JsonValueKind.Number } tokens && tokens.TryGetInt64(out var count) ? count : null,
                Cost = RecordElement.Optional(record, "cost") is { ValueKind: JsonValueKind.Number } cost && cost.TryGetDecimal(out var amount) ? amount : null,
                Currency = Optional("currency"),
                Request = Optional("request"),
            };
            if (byQuestion.TryGetValue(questionId, out var list))
            {
                list.Add(rationale);
                return null;
            }

            return allowOthers ? null : $"is of the question '{questionId}', which is no training question.";
        }
        catch (RecordFaultException fault)
        {
            return fault.Message;
        }
        catch (JsonException exception)
        {
            return $"no JSON ({exception.Message})";
        }
    }
}

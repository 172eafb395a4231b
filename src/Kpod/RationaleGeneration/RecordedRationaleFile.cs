using System.Text.Json;
using Kpod.Datasets;
using Kpod.Runs;

namespace Kpod.RationaleGeneration;

/// <summary>Reads a file of recorded rationales: JSON Lines with <c>questionId</c> and <c>text</c>, and where known <c>teacher</c> and <c>finishReason</c>. A run's <c>02-rationales.jsonl</c> is one.</summary>
public static class RecordedRationaleFile
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="questions">The training questions; a rationale of another question is a fault.</param>
    /// <returns>Rationales by question id, in the file's order.</returns>
    /// <exception cref="KpodException">Lines are faulty; the message names each.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>> Read(string path, IReadOnlyList<Question> questions)
    {
        var known = questions.Select(question => question.Id).ToHashSet(StringComparer.Ordinal);
        var byQuestion = new Dictionary<string, List<RecordedRationale>>(StringComparer.Ordinal);
        var faults = new List<string>();
        var lines = JsonArtefact.ReadText(path).TrimStart('\uFEFF').Split('\n');
        for (var number = 1; number <= lines.Length && faults.Count <= 20; number++)
        {
            if (string.IsNullOrWhiteSpace(lines[number - 1]))
            {
                continue;
            }

            if (Parse(lines[number - 1], known, out var questionId, out var rationale) is { } fault)
            {
                faults.Add($"{path}, line {number}: {fault}");
            }
            else
            {
                (byQuestion.TryGetValue(questionId, out var list) ? list : byQuestion[questionId] = []).Add(rationale);
            }
        }

        return faults.Count == 0
            ? byQuestion.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<RecordedRationale>)pair.Value)
            : throw KpodException.FromFaults("The rationales cannot be read", faults);
    }

    private static string? Parse(string line, HashSet<string> known, out string questionId, out RecordedRationale rationale)
    {
        (questionId, rationale) = (string.Empty, new RecordedRationale(string.Empty, string.Empty));
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "is no JSON object.";
            }

            string? Text(string key) => document.RootElement.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            if (Text("questionId") is not { } id || Text("text") is not { } text)
            {
                return "lacks the text fields 'questionId' and 'text'.";
            }

            questionId = id;
            rationale = new RecordedRationale(text, Text("teacher") ?? "unknown", Text("finishReason"));
            return known.Contains(id) ? null : $"is of the question '{id}', which is no training question.";
        }
        catch (JsonException exception)
        {
            return $"no JSON ({exception.Message})";
        }
    }
}

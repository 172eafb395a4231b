using Kpod.Datasets.Answers;
using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>Takes the gold answer out of a worked solution, for records that have no answer of their own.</summary>
internal static class GoldFromRationale
{
    /// <summary>Looks for the answer: the letter where there are choices, else a number, else the words behind "the answer is" or its like.</summary>
    /// <param name="text">The solution.</param>
    /// <param name="choices">The question's choices, or null.</param>
    /// <param name="isAnswerAlone">Whether the text is the answer and nothing else, so that it is no rationale.</param>
    /// <returns>The answer; null where the text gives none.</returns>
    public static string? Find(string text, IReadOnlyDictionary<string, string>? choices, out bool isAnswerAlone)
    {
        var probe = new Question { Id = string.Empty, Text = string.Empty, Answer = choices is null ? "words" : choices.Keys.First(), Choices = choices };
        var found = choices is null ? AnswerExtractor.Flexible(text, AnswerFormat.Number) ?? Announced(text, probe) : AnswerExtractor.Flexible(text, AnswerFormat.Of(probe));
        isAnswerAlone = found?.Rule == ExtractionRule.WholeText;
        return found?.Text;
    }

    private static ExtractedAnswer? Announced(string text, Question probe) =>
        AnswerExtractor.Flexible(text, AnswerFormat.Of(probe)) is { Rule: ExtractionRule.Marker or ExtractionRule.Box or ExtractionRule.Statement } announced ? announced : null;

    /// <summary>Makes a record of a question and a solution that ends in the answer.</summary>
    /// <param name="id">The question's id.</param>
    /// <param name="question">The question.</param>
    /// <param name="solution">The solution.</param>
    /// <param name="key">The solution's field, for messages.</param>
    /// <returns>The record.</returns>
    public static DatasetRecord Record(string id, string question, string solution, string key)
    {
        var typed = TypedQuestion.Parse(question);
        var answer = Find(solution, typed.Choices, out var isAnswerAlone)
            ?? throw new RecordFaultException($"has no answer, and none is found in the field '{key}', where a solution such as '... The answer is 7.' should stand.");
        return new DatasetRecord(typed with { Id = id, Answer = answer }, isAnswerAlone ? [] : [new RecordedRationale(solution, RecordedRationale.UnknownTeacher)]);
    }
}

using Kpod.Datasets.Questions;

namespace Kpod.Datasets;

/// <summary>What a data set holds, split by split.</summary>
/// <param name="Splits">The splits that are there, in order.</param>
public sealed record DatasetSummary(IReadOnlyList<SplitSummary> Splits)
{
    /// <summary>Counts and measures.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="tokens">Length of a text in the student's tokens.</param>
    /// <param name="steps">Number of steps of a rationale.</param>
    /// <returns>The summary.</returns>
    public static DatasetSummary Of(QuestionSet set, Func<string, int> tokens, Func<string, int> steps) =>
        new([.. set.Splits.Select(split => Of(split.Name, split.Questions, split.Name == "train" ? set.Recorded : null, tokens, steps))]);

    private static SplitSummary Of(
        string split, IReadOnlyList<Question> questions, IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>>? recorded, Func<string, int> tokens, Func<string, int> steps)
    {
        RecordedRationale[] rationales = recorded is null ? [] : [.. questions.SelectMany(question => recorded.TryGetValue(question.Id, out var own) ? own : [])];
        return new SplitSummary
        {
            Split = split,
            Questions = questions.Count,
            WithChoices = questions.Count(question => question.Choices is not null),
            Duplicates = questions.Count - questions.DistinctBy(QuestionSet.Identity).Count(),
            QuestionTokens = Lengths.Of(questions.Select(question => tokens(question.Text)))!,
            Rationales = rationales.Length,
            WithoutRationale = recorded is null ? 0 : questions.Count(question => !recorded.TryGetValue(question.Id, out var own) || own.Count == 0),
            Teachers = rationales.GroupBy(rationale => rationale.Teacher).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()),
            RationaleTokens = Lengths.Of(rationales.Select(rationale => tokens(rationale.Text))),
            RationaleSteps = Lengths.Of(rationales.Select(rationale => steps(rationale.Text))),
        };
    }
}

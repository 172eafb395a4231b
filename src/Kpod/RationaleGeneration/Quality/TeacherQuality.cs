using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Rationales;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Quality;

/// <summary>How good the teachers' rationales are, live or recorded.</summary>
/// <param name="Teachers">A teacher each, by name.</param>
/// <param name="QuestionsRight">Questions with at least one right rationale.</param>
/// <param name="SamplesPerQuestion">How many questions have how many rationales.</param>
/// <param name="RightPerQuestion">How many questions have how many right rationales.</param>
/// <param name="FinishReasons">How many rationales ended for which reason; <c>unknown</c> where it is not recorded.</param>
/// <param name="Refused">Rationales that the teacher refused to write.</param>
/// <param name="Empty">Rationales without a text that no one refused.</param>
/// <param name="CutOff">Rationales cut off at the most tokens.</param>
/// <param name="WithoutAnswer">Rationales that came to their end without an answer.</param>
/// <param name="SameText">Rationales whose text an earlier one of the question has.</param>
/// <param name="NearDuplicates">Rationales that are nearly an earlier one of the question.</param>
public sealed record TeacherQuality(
    IReadOnlyList<TeacherFigures> Teachers,
    int QuestionsRight,
    IReadOnlyDictionary<int, int> SamplesPerQuestion,
    IReadOnlyDictionary<int, int> RightPerQuestion,
    IReadOnlyDictionary<string, int> FinishReasons,
    int Refused,
    int Empty,
    int CutOff,
    int WithoutAnswer,
    int SameText,
    int NearDuplicates)
{
    /// <summary>Finish reason of rationales of which none is recorded.</summary>
    public const string Unknown = "unknown";

    /// <summary>Counts.</summary>
    /// <param name="questions">How many questions there are, those without a rationale included.</param>
    /// <param name="rationales">All rationales, kept and dropped.</param>
    /// <param name="steps">Number of steps of a text.</param>
    /// <returns>The figures.</returns>
    public static TeacherQuality Of(int questions, IReadOnlyList<Rationale> rationales, Func<string, int> steps)
    {
        var byQuestion = rationales.GroupBy(rationale => rationale.QuestionId).ToArray();
        var texts = rationales.Where(rationale => rationale.DuplicateOf is not null).Select(rationale => rationale.QuestionId).ToHashSet();
        var originals = rationales.Where(rationale => texts.Contains(rationale.QuestionId)).ToLookup(rationale => (rationale.QuestionId, rationale.Sample), rationale => rationale.Text);
        var repeats = rationales.Where(rationale => rationale.DuplicateOf is not null).ToLookup(rationale => originals[(rationale.QuestionId, rationale.DuplicateOf!.Value)].Contains(rationale.Text));
        var ends = rationales.ToLookup(EndOf);
        return new TeacherQuality(
            [.. rationales.GroupBy(rationale => rationale.Teacher).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => TeacherFigures.Of(group.Key, [.. group], steps))],
            byQuestion.Count(group => group.Any(rationale => rationale.Correct)),
            Spread(questions, byQuestion.Select(group => group.Count())),
            Spread(questions, byQuestion.Select(group => group.Count(rationale => rationale.Correct))),
            rationales.GroupBy(rationale => rationale.FinishReason ?? Unknown).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()),
            ends[End.Refused].Count(),
            ends[End.Empty].Count(),
            ends[End.CutOff].Count(),
            ends[End.WithoutAnswer].Count(),
            repeats[true].Count(),
            repeats[false].Count());
    }

    private static End EndOf(Rationale rationale) => rationale switch
    {
        { DropReason: DropReasons.Refused } or { FinishReason: RecordedRationale.Refused } => End.Refused,
        { Text.Length: 0 } => End.Empty,
        { FinishReason: TeacherAnswer.Length } => End.CutOff,
        { ExtractedAnswer: null } => End.WithoutAnswer,
        _ => End.Answered,
    };

    private static Dictionary<int, int> Spread(int questions, IEnumerable<int> numbers)
    {
        var counts = numbers.GroupBy(number => number).ToDictionary(group => group.Key, group => group.Count());
        counts[0] = counts.GetValueOrDefault(0) + Math.Max(0, questions - counts.Values.Sum());
        return counts.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    private enum End
    {
        Answered,
        Refused,
        Empty,
        CutOff,
        WithoutAnswer,
    }
}

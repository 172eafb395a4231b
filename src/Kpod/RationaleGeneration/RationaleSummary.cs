using Kpod.RationaleGeneration.Quality;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.RationaleGeneration;

/// <summary>What became of the teacher's rationales: counts and reasons.</summary>
/// <param name="Questions">Training questions.</param>
/// <param name="QuestionsWithout">Questions of which none was kept.</param>
/// <param name="Rationales">All rationales.</param>
/// <param name="Correct">Rationales with the gold answer.</param>
/// <param name="Kept">Rationales that are learned from.</param>
/// <param name="Dropped">How many were dropped for each reason, the most frequent first.</param>
/// <param name="MeanTokens">Mean length of the kept ones in tokens, prompt and answer included.</param>
public sealed record RationaleSummary(
    int Questions, int QuestionsWithout, int Rationales, int Correct, int Kept, IReadOnlyDictionary<string, int> Dropped, double MeanTokens)
{
    /// <summary>How good the teachers' rationales are; null where that was not asked for.</summary>
    public TeacherQuality? Quality { get; init; }

    /// <summary>Counts.</summary>
    /// <param name="questions">Number of training questions.</param>
    /// <param name="rationales">All rationales, kept and dropped.</param>
    /// <param name="steps">Number of steps of a text; null where the quality of the rationales is not asked for.</param>
    /// <returns>The summary.</returns>
    public static RationaleSummary Of(int questions, IReadOnlyList<Rationale> rationales, Func<string, int>? steps = null)
    {
        var kept = rationales.Where(rationale => rationale.DropReason is null).ToArray();
        return new RationaleSummary(
            questions,
            questions - kept.Select(rationale => rationale.QuestionId).Distinct().Count(),
            rationales.Count,
            rationales.Count(rationale => rationale.Correct),
            kept.Length,
            rationales.Where(rationale => rationale.DropReason is not null).GroupBy(rationale => rationale.DropReason!).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Count()),
            kept.Length == 0 ? 0 : Math.Round(kept.Average(rationale => rationale.Tokens ?? 0), 1))
        {
            Quality = steps is null ? null : TeacherQuality.Of(questions, rationales, steps),
        };
    }
}

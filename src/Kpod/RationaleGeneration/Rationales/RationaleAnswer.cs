using Kpod.Datasets.Answers;
using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Rationales;

/// <summary>What a rationale says that the answer is.</summary>
internal static class RationaleAnswer
{
    /// <summary>The answer that a rationale gives: as its file says, else as found in its text, else the one that it was asked to explain.</summary>
    /// <param name="candidate">The rationale.</param>
    /// <param name="format">How the question's answers look.</param>
    /// <returns>The answer; null where there is none.</returns>
    public static string? Of(RecordedRationale candidate, AnswerFormat format) =>
        candidate.FinishReason is RecordedRationale.Rejected or RecordedRationale.Refused or FinishReasons.Unreadable ? null // the words of an error are no answer
            : candidate.Answer ?? AnswerExtractor.Flexible(candidate.Original ?? candidate.Text, format)?.Text ?? candidate.GivenAnswer;
}

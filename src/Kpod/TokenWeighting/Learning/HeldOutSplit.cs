using Kpod.RationaleGeneration.Rationales;

namespace Kpod.TokenWeighting.Learning;

/// <summary>Which rationales are learned from and which the module is judged by.</summary>
/// <param name="Training">Learned from.</param>
/// <param name="HeldOut">Of other questions than those, for telling knowledge by heart from reading; may be empty.</param>
/// <param name="Probe">What everything is measured on: the held-out ones, filled up with others where they are few.</param>
internal sealed record HeldOutSplit(IReadOnlyList<EncodedRationale> Training, IReadOnlyList<EncodedRationale> HeldOut, IReadOnlyList<EncodedRationale> Probe)
{
    private const int MostProbes = 64;
    private const int FewestProbes = 32;

    /// <summary>Splits by question.</summary>
    /// <param name="rationales">All rationales; each has a token.</param>
    /// <param name="heldOutShare">Share of the questions that is held out.</param>
    /// <param name="maximumTraining">Most rationales that are learned from; null for all.</param>
    /// <param name="seed">Decides the split.</param>
    /// <returns>The split.</returns>
    public static HeldOutSplit Of(IReadOnlyList<EncodedRationale> rationales, double heldOutShare, int? maximumTraining, long seed)
    {
        var random = Seeds.Generator(seed, "held-out questions");
        var questions = rationales.Select(rationale => rationale.QuestionId).Distinct(StringComparer.Ordinal).ToArray();
        random.Shuffle(questions);
        var heldOutQuestions = questions.Take((int)(questions.Length * heldOutShare)).ToHashSet(StringComparer.Ordinal);
        var shuffled = rationales.ToArray();
        random.Shuffle(shuffled);
        EncodedRationale[] heldOut = [.. shuffled.Where(rationale => heldOutQuestions.Contains(rationale.QuestionId)).Take(MostProbes)];
        EncodedRationale[] training = [.. shuffled.Where(rationale => !heldOutQuestions.Contains(rationale.QuestionId)).Take(maximumTraining ?? int.MaxValue)];
        return new HeldOutSplit(training, heldOut, [.. heldOut, .. training.Take(Math.Max(0, FewestProbes - heldOut.Length))]);
    }
}

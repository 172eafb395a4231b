namespace Kpod.Evaluation.Statistics;

/// <summary>Self-consistency (Wang et al., 2023), maj@k: of k sampled answers the one that most agree on.</summary>
public static class MajorityVote
{
    /// <summary>The answer of the majority.</summary>
    /// <param name="answers">Normalised answers in the order they were sampled; null where a text gave none, which does not vote.</param>
    /// <returns>Of several with the winning count the one that first reached it; null where nobody votes.</returns>
    public static string? Of(IEnumerable<string?> answers)
    {
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        string? leader = null;
        foreach (var answer in answers.OfType<string>())
        {
            var count = votes[answer] = votes.GetValueOrDefault(answer) + 1;
            leader = leader is null || count > votes[leader] ? answer : leader;
        }

        return leader;
    }

    /// <summary>How many questions the first k answers get right; no vote is wrong.</summary>
    /// <param name="questions">Gold answer and sampled answers of each question.</param>
    /// <param name="k">Answers that vote.</param>
    /// <returns>Their number.</returns>
    public static int Right(IEnumerable<(string Gold, IReadOnlyList<string?> Answers)> questions, int k) => questions.Count(question => Of(question.Answers.Take(k)) == question.Gold);
}

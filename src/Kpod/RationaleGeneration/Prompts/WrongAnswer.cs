using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>A wrong answer a' for a counterfactual prompt. Of choices, another letter. Of numbers, one that could pass for the gold one (<see cref="WrongNumbers"/>), as SCOTT has no rule for numbers.</summary>
internal static class WrongAnswer
{
    /// <summary>Draws a wrong answer.</summary>
    /// <param name="question">The question; its answer is a choice or a number.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="rationale">A rationale of the gold answer, whose intermediate results are candidates too; null where none is known.</param>
    /// <param name="otherAnswers">Final answers of other rationales of the question, candidates too.</param>
    /// <returns>The same for the same question, seed and candidates.</returns>
    /// <exception cref="KpodException">The question has neither choices nor a number as its answer.</exception>
    public static string Of(Question question, long seed, string? rationale = null, IReadOnlyList<string>? otherAnswers = null)
    {
        var candidates = Candidates(question, rationale, otherAnswers);
        return candidates[Seeds.Generator(seed, $"wrong answer/{question.Id}").Next(candidates.Count)];
    }

    private static IReadOnlyList<string> Candidates(Question question, string? rationale, IReadOnlyList<string>? otherAnswers) =>
        question.Choices is { } choices ? [.. choices.Keys.Where(letter => letter != question.Answer)]
        : WrongNumbers.Of(question.Answer, question.Text, rationale, otherAnswers)?.All
        ?? throw new KpodException($"question '{question.Id}': its answer '{question.Answer}' is neither a choice nor a number, so no wrong one can be made for a counterfactual prompt.");
}

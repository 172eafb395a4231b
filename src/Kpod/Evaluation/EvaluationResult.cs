using Kpod.LanguageModels.Inference;

namespace Kpod.Evaluation;

/// <summary>How one model did on one split.</summary>
public sealed record EvaluationResult
{
    /// <summary><c>base</c> or <c>student</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The split.</summary>
    public required string Split { get; init; }

    /// <summary>Questions asked.</summary>
    public required int Questions { get; init; }

    /// <summary>Questions answered right, whatever the answer's form.</summary>
    public required int Correct { get; init; }

    /// <summary>Accuracy, in [0, 1].</summary>
    public required double Accuracy { get; init; }

    /// <summary>Its 95 % interval (Wilson).</summary>
    public required WilsonInterval Interval { get; init; }

    /// <summary>Questions answered right in the prompt's own form.</summary>
    public required int StrictCorrect { get; init; }

    /// <summary>Share of texts that ended by themselves.</summary>
    public required double StopRate { get; init; }

    /// <summary>Share of texts that were cut off at the longest allowed length.</summary>
    public required double TruncationRate { get; init; }

    /// <summary>Mean length of a text, in tokens.</summary>
    public required double MeanTokens { get; init; }

    /// <summary>How often each extraction rule found the answer; <c>none</c> where none did.</summary>
    public required IReadOnlyDictionary<string, int> Extraction { get; init; }

    /// <summary>Counts outcomes.</summary>
    /// <param name="model"><c>base</c> or <c>student</c>.</param>
    /// <param name="split">The split.</param>
    /// <param name="outcomes">At least one.</param>
    /// <returns>The figures.</returns>
    public static EvaluationResult Of(string model, string split, IReadOnlyList<QuestionOutcome> outcomes)
    {
        var correct = outcomes.Count(outcome => outcome.Correct);
        double Share(Func<QuestionOutcome, bool> counts) => (double)outcomes.Count(counts) / outcomes.Count;
        return new EvaluationResult
        {
            Model = model,
            Split = split,
            Questions = outcomes.Count,
            Correct = correct,
            Accuracy = (double)correct / outcomes.Count,
            Interval = WilsonInterval.Of(correct, outcomes.Count),
            StrictCorrect = outcomes.Count(outcome => outcome.StrictCorrect),
            StopRate = Share(outcome => outcome.StopReason != StopReason.Length),
            TruncationRate = Share(outcome => outcome.StopReason == StopReason.Length),
            MeanTokens = outcomes.Average(outcome => outcome.Tokens),
            Extraction = outcomes.GroupBy(outcome => outcome.Rule ?? "none").OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()),
        };
    }
}

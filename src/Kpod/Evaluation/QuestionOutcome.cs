using Kpod.LanguageModels.Inference;

namespace Kpod.Evaluation;

/// <summary>One question and what the student made of it: a line of <c>07-evaluation/MODEL-SPLIT.jsonl</c>.</summary>
public sealed record QuestionOutcome
{
    /// <summary>The question.</summary>
    public required string QuestionId { get; init; }

    /// <summary>The gold answer.</summary>
    public required string Gold { get; init; }

    /// <summary>What the student wrote.</summary>
    public required string Text { get; init; }

    /// <summary>How long it is, in tokens.</summary>
    public required int Tokens { get; init; }

    /// <summary>Why it ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>The answer in the prompt's own form; null where there is none.</summary>
    public string? Strict { get; init; }

    /// <summary>The answer in whatever form; null where there is none.</summary>
    public string? Flexible { get; init; }

    /// <summary>By which sign the flexible answer was found.</summary>
    public string? Rule { get; init; }

    /// <summary>Whether the strict answer is the gold one.</summary>
    public required bool StrictCorrect { get; init; }

    /// <summary>Whether the flexible answer is the gold one: what accuracy counts.</summary>
    public required bool Correct { get; init; }
}

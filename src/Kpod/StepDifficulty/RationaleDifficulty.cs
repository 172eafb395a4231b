namespace Kpod.StepDifficulty;

/// <summary>The steps of one rationale with their difficulties: a line of <c>04-step-difficulty.jsonl</c>.</summary>
public sealed record RationaleDifficulty
{
    /// <summary>The question.</summary>
    public required string QuestionId { get; init; }

    /// <summary>The rationale's number among those of its question.</summary>
    public required int Sample { get; init; }

    /// <summary>The steps in order; together they are the whole rationale.</summary>
    public required IReadOnlyList<StepWithDifficulty> Steps { get; init; }
}

/// <summary>One step k of a rationale.</summary>
/// <param name="Start">First UTF-16 code unit in the rationale's text.</param>
/// <param name="End">One past the last.</param>
/// <param name="FirstToken">p_k: index of its first token in the rationale.</param>
/// <param name="EndToken">One past q_k, its last token.</param>
/// <param name="Difficulty">d_k of Eq. 8, in nat.</param>
public sealed record StepWithDifficulty(int Start, int End, int FirstToken, int EndToken, double Difficulty);

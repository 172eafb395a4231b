namespace Kpod.StepDifficulty;

/// <summary>One step of a rationale with its tokens.</summary>
/// <param name="Start">First UTF-16 code unit in the rationale's text.</param>
/// <param name="End">One past the last.</param>
/// <param name="FirstToken">p_k: index of its first token.</param>
/// <param name="EndToken">One past q_k, its last token; above <paramref name="FirstToken"/>.</param>
public readonly record struct StepTokens(int Start, int End, int FirstToken, int EndToken);

namespace Kpod.StepDifficulty;

/// <summary>One step of a rationale's text.</summary>
/// <param name="Start">First UTF-16 code unit.</param>
/// <param name="End">One past the last; the full stop and the white space behind it belong to the step.</param>
public readonly record struct RationaleStep(int Start, int End);

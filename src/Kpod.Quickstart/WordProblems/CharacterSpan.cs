namespace Kpod.Quickstart.WordProblems;

/// <summary>A stretch of a text.</summary>
/// <param name="Start">First UTF-16 code unit.</param>
/// <param name="End">One past the last.</param>
public sealed record CharacterSpan(int Start, int End);

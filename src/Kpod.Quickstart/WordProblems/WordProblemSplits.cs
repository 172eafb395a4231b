namespace Kpod.Quickstart.WordProblems;

/// <summary>Problems in three splits that share no question and no number pattern.</summary>
/// <param name="Train">For training.</param>
/// <param name="Validation">For choosing.</param>
/// <param name="Test">For the final accuracy.</param>
internal sealed record WordProblemSplits(IReadOnlyList<WordProblem> Train, IReadOnlyList<WordProblem> Validation, IReadOnlyList<WordProblem> Test);

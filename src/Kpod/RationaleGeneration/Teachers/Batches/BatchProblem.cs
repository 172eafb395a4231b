namespace Kpod.RationaleGeneration.Teachers.Batches;

/// <summary>A line of a result file from which nothing was stored, or not all is well.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="CustomId">The request's hash; null where the line has none.</param>
/// <param name="Outcome">What became of the line.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BatchProblem(string File, int Line, string? CustomId, BatchOutcome Outcome, string Reason);

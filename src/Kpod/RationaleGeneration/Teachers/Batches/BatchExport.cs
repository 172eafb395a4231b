namespace Kpod.RationaleGeneration.Teachers.Batches;

/// <summary>What was written to be asked as a batch.</summary>
/// <param name="Files">The files, in order; none where nothing is left to ask.</param>
/// <param name="Requests">Requests in them.</param>
/// <param name="LeftForBudget">Requests that were not written because their cost might pass the budget; they come after the first results are imported, when it is known what those cost.</param>
/// <param name="InputTokens">Tokens of the prompts, guessed from their length.</param>
/// <param name="MostCost">What the requests can cost at the most; null where no price is known.</param>
/// <param name="Currency">Currency; null where no price is known.</param>
public sealed record BatchExport(IReadOnlyList<string> Files, int Requests, int LeftForBudget, long InputTokens, decimal? MostCost, string? Currency);

namespace Kpod.RationaleGeneration.Teachers.Batches;

/// <summary>What an import of result files brought.</summary>
/// <param name="Lines">Lines read; blank ones are not counted.</param>
/// <param name="Outcomes">How many lines had each outcome that occurred.</param>
/// <param name="Problems">The lines that brought no answer, or one that was cut off, in order.</param>
/// <param name="Cost">What the added answers cost; null where no price is known.</param>
/// <param name="Currency">Currency; null where no price is known.</param>
/// <param name="Left">Requests that can be asked now and have no answer yet.</param>
public sealed record BatchImport(
    int Lines, IReadOnlyDictionary<BatchOutcome, int> Outcomes, IReadOnlyList<BatchProblem> Problems, decimal? Cost, string? Currency, int Left)
{
    /// <summary>Answers that are new in the store, those cut off included.</summary>
    public int Added => Outcomes.GetValueOrDefault(BatchOutcome.Added) + Outcomes.GetValueOrDefault(BatchOutcome.CutOff);
}

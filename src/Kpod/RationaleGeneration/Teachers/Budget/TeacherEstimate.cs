namespace Kpod.RationaleGeneration.Teachers.Budget;

/// <summary>What a teacher's work will take, before the first call.</summary>
/// <param name="Questions">Questions.</param>
/// <param name="Requests">Requests of all samples, without further samples of wrong ones.</param>
/// <param name="Stored">Requests that the store has the answer to.</param>
/// <param name="ToAsk">Requests that are still to be asked.</param>
/// <param name="InputTokens">Tokens of their prompts, guessed from their length.</param>
/// <param name="OutputTokens">Tokens of their answers, as the stored ones have them, or half of the most where there are none.</param>
/// <param name="MostOutputTokens">The most tokens that their answers can have.</param>
/// <param name="MostResamples">Further requests at the most, where every sample is wrong.</param>
/// <param name="Spent">What the stored answers cost; null where no price is known.</param>
/// <param name="Cost">What the rest will cost; null where no price is known.</param>
/// <param name="MostCost">What the rest, further samples included, can cost at the most; null where no price is known.</param>
/// <param name="Currency">Currency; null where no price is known.</param>
public sealed record TeacherEstimate(
    int Questions, int Requests, int Stored, int ToAsk, long InputTokens, long OutputTokens, long MostOutputTokens, int MostResamples, decimal? Spent, decimal? Cost, decimal? MostCost, string? Currency);

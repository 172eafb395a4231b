namespace Kpod.RationaleGeneration.Teachers.Budget;

/// <summary>What the answers of a recipe took.</summary>
/// <param name="Answers">Answers used, those that the store had included.</param>
/// <param name="Asked">Answers that were asked for now.</param>
/// <param name="InputTokens">Tokens of all prompts, as far as servers counted them.</param>
/// <param name="OutputTokens">Tokens of all answers, as far as servers counted them.</param>
/// <param name="Cost">What all answers cost; null where no price is known.</param>
/// <param name="Currency">Currency of the cost; null where no price is known.</param>
/// <param name="FinishReasons">How many answers ended for each reason.</param>
public sealed record TeacherUsage(
    int Answers, int Asked, long InputTokens, long OutputTokens, decimal? Cost, string? Currency, IReadOnlyDictionary<string, int> FinishReasons);

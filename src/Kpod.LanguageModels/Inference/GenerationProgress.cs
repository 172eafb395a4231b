namespace Kpod.LanguageModels.Inference;

/// <summary>How far a generation is.</summary>
/// <param name="FinishedTexts">Texts that are complete.</param>
/// <param name="TotalTexts">Texts asked for.</param>
/// <param name="NewTokens">Tokens written so far, in all texts together.</param>
public sealed record GenerationProgress(int FinishedTexts, int TotalTexts, long NewTokens);

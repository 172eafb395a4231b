namespace Kpod.Distillation.Methods.SpecializedKd.Alignment;

/// <summary>A token and its probability.</summary>
/// <param name="Token">The token.</param>
/// <param name="Probability">Its probability.</param>
internal readonly record struct TokenProbability(string Token, double Probability);

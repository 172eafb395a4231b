namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>Mean w by kind of token; null where a kind does not occur.</summary>
/// <param name="Digits">Tokens with a digit.</param>
/// <param name="Operators">Tokens with an arithmetic operator or an equals sign, and no digit.</param>
/// <param name="Others">All other tokens.</param>
/// <param name="All">All tokens: the keep rate.</param>
public sealed record MeanTokenWeights(double? Digits, double? Operators, double? Others, double All);

namespace Kpod.Distillation.Methods.SpecializedKd.Alignment;

/// <summary>A token that a teacher sampled, with what its interface lists beside it.</summary>
/// <param name="Text">The token.</param>
/// <param name="Top">The most likely tokens with their probabilities; may or may not hold the sampled one, or hold it twice.</param>
internal sealed record TeacherToken(string Text, IReadOnlyList<TokenProbability> Top);

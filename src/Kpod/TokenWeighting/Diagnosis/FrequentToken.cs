namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>A token that occurs often.</summary>
/// <param name="Text">The piece of text that it stands for.</param>
/// <param name="Count">How often it occurs.</param>
/// <param name="MeanWeight">Mean of its w.</param>
public sealed record FrequentToken(string Text, int Count, double MeanWeight);

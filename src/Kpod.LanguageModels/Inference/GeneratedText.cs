namespace Kpod.LanguageModels.Inference;

/// <summary>What a model wrote behind one prompt.</summary>
/// <param name="Ids">The new tokens, the end token included where there was one.</param>
/// <param name="Text">Their text, without special tokens and up to the stop text, which is left out.</param>
/// <param name="StopReason">Why it ended.</param>
public sealed record GeneratedText(int[] Ids, string Text, StopReason StopReason);

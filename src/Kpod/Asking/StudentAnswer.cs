using Kpod.LanguageModels.Inference;

namespace Kpod.Asking;

/// <summary>What a model answered.</summary>
/// <param name="Question">The question as it was typed.</param>
/// <param name="Prompt">What the model read.</param>
/// <param name="Text">What it wrote.</param>
/// <param name="Answer">The answer that the text gives; null where it gives none.</param>
/// <param name="Rule">By which sign it was found.</param>
/// <param name="Tokens">Tokens written.</param>
/// <param name="StopReason">Why the text ended.</param>
/// <param name="Seconds">How long it took, reading the prompt included.</param>
/// <param name="TokensPerSecond">Tokens written a second.</param>
public sealed record StudentAnswer(
    string Question, string Prompt, string Text, string? Answer, string? Rule, int Tokens, StopReason StopReason, double Seconds, double TokensPerSecond);

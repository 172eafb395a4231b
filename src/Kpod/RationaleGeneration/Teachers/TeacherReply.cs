namespace Kpod.RationaleGeneration.Teachers;

/// <summary>What a chat completion's body says, before time and price are known.</summary>
/// <param name="Text">What the teacher wrote; empty where it wrote nothing.</param>
/// <param name="Reasoning">What it thought before it wrote; null where the body has none apart.</param>
/// <param name="Refusal">Its words when it refused; null where it did not.</param>
/// <param name="FinishReason">Why it ended, in the server's word.</param>
/// <param name="Model">The model as reported.</param>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
public sealed record TeacherReply(string Text, string? Reasoning, string? Refusal, string? FinishReason, string? Model, long? InputTokens, long? OutputTokens);

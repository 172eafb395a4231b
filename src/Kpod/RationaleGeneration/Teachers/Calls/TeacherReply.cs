namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>What a chat completion's body says, before time and price are known.</summary>
/// <param name="Text">What the teacher wrote; empty where it wrote nothing.</param>
/// <param name="Reasoning">What it thought before it wrote; null where the body has none apart.</param>
/// <param name="Refusal">Its words when it refused; null where it did not.</param>
/// <param name="FinishReason">Why it ended, in the server's word.</param>
/// <param name="Model">The model as reported.</param>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
internal sealed record TeacherReply(string Text, string? Reasoning, string? Refusal, string? FinishReason, string? Model, long? InputTokens, long? OutputTokens)
{
    /// <summary>The answer that is stored.</summary>
    /// <param name="raw">The body.</param>
    /// <param name="seconds">From the call to the answer; 0 where it is not known.</param>
    /// <param name="arrivedAt">When it arrived.</param>
    /// <returns>The answer, without a cost.</returns>
    public TeacherAnswer ToAnswer(string raw, double seconds, DateTimeOffset arrivedAt) => new()
    {
        Text = Text,
        Reasoning = Reasoning,
        Refusal = Refusal,
        FinishReason = FinishReason,
        Model = Model,
        InputTokens = InputTokens,
        OutputTokens = OutputTokens,
        Seconds = seconds,
        ArrivedAt = arrivedAt,
        Raw = raw,
    };
}

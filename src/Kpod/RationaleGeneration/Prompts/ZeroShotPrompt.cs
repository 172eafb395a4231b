using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>The paper's zero-shot chain of thought: <c>Q: x A: Let's think step by step.</c> in one message.</summary>
internal sealed class ZeroShotPrompt : IPromptForm
{
    /// <inheritdoc/>
    public IReadOnlyList<PromptMessage> Ask(Question question) => [new PromptMessage(PromptRole.User, CotPrompt.Of(question))];

    /// <inheritdoc/>
    public IReadOnlyList<PromptMessage>? AskForAnswer(Question question, string rationale) => null;

    /// <inheritdoc/>
    public string Join(string rationale, string? answer) => rationale;

    /// <inheritdoc/>
    public string? GivenAnswer(Question question) => null;
}

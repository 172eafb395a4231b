using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>
/// Zero-shot chain of thought in two turns (Kojima et al., 2022): the teacher writes the rationale, and then completes "Therefore, the answer is". Two requests a sample; the rationale is free of answer
/// sentences and the answer stands alone.
/// </summary>
internal sealed class TwoTurnPrompt : IPromptForm
{
    private readonly ZeroShotPrompt _first = new();

    /// <inheritdoc/>
    public IReadOnlyList<PromptMessage> Ask(Question question) => _first.Ask(question);

    /// <inheritdoc/>
    public IReadOnlyList<PromptMessage>? AskForAnswer(Question question, string rationale) =>
        [.. Ask(question), new PromptMessage(PromptRole.Assistant, rationale), new PromptMessage(PromptRole.User, CotPrompt.Connector.Trim())];

    /// <inheritdoc/>
    public string Join(string rationale, string? answer)
    {
        // Some teachers begin with the words that they were to go on from.
        var connector = CotPrompt.Connector.Trim();
        var given = (answer ?? string.Empty).Trim();
        return $"{rationale.TrimEnd()} {(given.StartsWith(connector, StringComparison.OrdinalIgnoreCase) ? given : $"{connector} {given}")}";
    }

    /// <inheritdoc/>
    public string? GivenAnswer(Question question) => null;
}

using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>The paper's zero-shot chain-of-thought template: <c>Q: x A: p r Therefore, the answer is y</c>, with p = "Let's think step by step."</summary>
internal static class CotPrompt
{
    /// <summary>p of the paper.</summary>
    public const string Trigger = "Let's think step by step.";

    /// <summary>What joins the rationale and the answer.</summary>
    public const string Connector = " Therefore, the answer is ";

    /// <summary>What the student reads: <c>Q: x A: p</c>; choices stand behind the question as <c>(A) text</c>.</summary>
    /// <param name="question">The question.</param>
    /// <returns>The prompt, without a space at its end.</returns>
    public static string Of(Question question) => $"Q: {question.Text.Trim()}{Choices(question)} A: {Trigger}";

    /// <summary>The choices as they stand behind a question: <c> (A) text (B) text</c>; empty where it has none.</summary>
    /// <param name="question">The question.</param>
    /// <returns>Text with a space in front.</returns>
    internal static string Choices(Question question) => question.Choices is { } given ? " " + string.Join(' ', given.Select(choice => $"({choice.Key}) {choice.Value}")) : string.Empty;

    /// <summary>Takes a closing sentence of the prompt's own form off a rationale, so that the gold answer can be put behind it.</summary>
    /// <param name="rationale">What the teacher wrote.</param>
    /// <returns>The rationale, trimmed.</returns>
    public static string WithoutAnswerSentence(string rationale)
    {
        var text = rationale.Trim();
        var start = text.LastIndexOf(Connector.Trim(), StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return text;
        }

        // Only a sentence at the very end: what follows the connector is one short answer.
        var rest = text[(start + Connector.Trim().Length)..];
        var isLast = !rest.Contains('\n', StringComparison.Ordinal) && rest.TrimEnd('.', ' ').IndexOf(". ", StringComparison.Ordinal) < 0;
        return isLast ? text[..start].TrimEnd() : text;
    }
}

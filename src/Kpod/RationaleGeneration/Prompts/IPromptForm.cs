using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>How a question is put to a teacher, and what of its answers is the rationale.</summary>
internal interface IPromptForm
{
    /// <summary>The first turn.</summary>
    /// <param name="question">The question.</param>
    /// <returns>The messages to send.</returns>
    IReadOnlyList<PromptMessage> Ask(Question question);

    /// <summary>The second turn, where the form has one.</summary>
    /// <param name="question">The question.</param>
    /// <param name="rationale">What the teacher wrote in the first turn.</param>
    /// <returns>The messages to send; null for a form of one turn.</returns>
    IReadOnlyList<PromptMessage>? AskForAnswer(Question question, string rationale);

    /// <summary>Joins what the teacher wrote into the whole text in which the answer is looked for.</summary>
    /// <param name="rationale">What the teacher wrote in the first turn.</param>
    /// <param name="answer">What it wrote in the second; null for a form of one turn.</param>
    /// <returns>The whole.</returns>
    string Join(string rationale, string? answer);

    /// <summary>The answer that the prompt itself gives and has explained; null where the teacher is to find it.</summary>
    /// <param name="question">The question.</param>
    /// <returns>A number or the letter of a choice.</returns>
    string? GivenAnswer(Question question);
}

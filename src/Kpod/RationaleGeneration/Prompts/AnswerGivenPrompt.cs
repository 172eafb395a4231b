using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>
/// The answer stands in the prompt and is to be explained (SCOTT, Wang et al., 2023, for a teacher whose token probabilities are not to be had): the gold one, or a wrong one for the counterfactual set.
/// The wording is ours; SCOTT's teacher continues <c>A: The answer is a.</c>
/// </summary>
internal sealed class AnswerGivenPrompt : IPromptForm
{
    private readonly Func<Question, string> _answer;

    /// <summary>Prepares the prompt.</summary>
    /// <param name="answer">The answer to give: of the question's own (<see cref="Gold"/>), or a wrong one (<see cref="WrongAnswer"/>).</param>
    public AnswerGivenPrompt(Func<Question, string> answer) => _answer = answer;

    /// <summary>The prompt that gives the gold answer.</summary>
    /// <returns>A prompt.</returns>
    public static AnswerGivenPrompt Gold() => new(question => question.Answer);

    /// <summary>The counterfactual prompt: it gives a wrong answer.</summary>
    /// <param name="seed">The run's seed; a question's wrong answer follows from it and the question's id.</param>
    /// <returns>A prompt.</returns>
    public static AnswerGivenPrompt Counterfactual(long seed) => new(question => WrongAnswer.Of(question, seed));

    /// <inheritdoc/>
    public IReadOnlyList<PromptMessage> Ask(Question question) =>
        [new PromptMessage(PromptRole.User, $"Q: {question.Text.Trim()}{CotPrompt.Choices(question)} A: The answer is {_answer(question)}. Explain step by step why.")];

    /// <inheritdoc/>
    public IReadOnlyList<PromptMessage>? AskForAnswer(Question question, string rationale) => null;

    /// <inheritdoc/>
    public string Join(string rationale, string? answer) => rationale;

    /// <inheritdoc/>
    public string? GivenAnswer(Question question) => _answer(question);
}

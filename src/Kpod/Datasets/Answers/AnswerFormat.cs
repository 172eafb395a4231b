using Kpod.Datasets.Answers.Values;
using Kpod.Datasets.Questions;

namespace Kpod.Datasets.Answers;

/// <summary>How the answers of a question look: all that extraction may know of the gold answer.</summary>
public sealed record AnswerFormat
{
    private static readonly AnswerFormat NumberFormat = new() { Kind = AnswerKind.Number };
    private static readonly AnswerFormat TextFormat = new() { Kind = AnswerKind.Text };

    private AnswerFormat()
    {
    }

    /// <summary>Answers that are numbers; for questions without a gold answer.</summary>
    public static AnswerFormat Number => NumberFormat;

    /// <summary>The sort of answer.</summary>
    public AnswerKind Kind { get; private init; }

    /// <summary>Letter and text of each choice; empty unless the answer is a choice.</summary>
    public IReadOnlyDictionary<string, string> Choices { get; private init; } = new Dictionary<string, string>();

    /// <summary>The format of a question's answers: a choice where it has choices, a number where its gold answer is one, else a text.</summary>
    /// <param name="question">The question.</param>
    /// <returns>Its format.</returns>
    public static AnswerFormat Of(Question question) => question.Choices is { Count: > 0 } choices
        ? new AnswerFormat { Kind = AnswerKind.Choice, Choices = choices }
        : AnswerValue.TryParse(question.Answer, out _) ? NumberFormat : TextFormat;
}

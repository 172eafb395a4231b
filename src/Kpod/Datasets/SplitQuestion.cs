using Kpod.Datasets.Questions;

namespace Kpod.Datasets;

/// <summary>A question with the split it is in: a line of <c>01-questions.jsonl</c>.</summary>
/// <param name="Split"><c>train</c>, <c>validation</c> or <c>test</c>.</param>
/// <param name="Id">The question's id.</param>
/// <param name="Text">The question.</param>
/// <param name="Answer">The gold answer.</param>
/// <param name="Choices">Letter and text of each choice; absent for a free answer.</param>
public sealed record SplitQuestion(string Split, string Id, string Text, string Answer, IReadOnlyDictionary<string, string>? Choices = null)
{
    /// <summary>The question without its split.</summary>
    /// <returns>The question.</returns>
    public Question ToQuestion() => new() { Id = Id, Text = Text, Answer = Answer, Choices = Choices };
}

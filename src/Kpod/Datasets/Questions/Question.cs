namespace Kpod.Datasets.Questions;

/// <summary>A question x with its gold answer y.</summary>
public sealed record Question
{
    /// <summary>Names the question within its data set; unique over all splits.</summary>
    public required string Id { get; init; }

    /// <summary>The question as asked, without its choices.</summary>
    public required string Text { get; init; }

    /// <summary>The gold answer: a number as written in the source (thousands commas removed), or the letter of a choice.</summary>
    public required string Answer { get; init; }

    /// <summary>Letter and text of each choice, in order; null for a free answer.</summary>
    public IReadOnlyDictionary<string, string>? Choices { get; init; }
}

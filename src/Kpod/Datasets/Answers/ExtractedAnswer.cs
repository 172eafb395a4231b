namespace Kpod.Datasets.Answers;

/// <summary>The one answer that a text gives.</summary>
/// <param name="Text">
/// The answer in plain form: a decimal without separators or trailing zeros, <c>a/b</c> where it does not terminate, <c>n%</c> with its sign, <c>h:mm</c> or a ratio,
/// the letter of a choice, or the words of a free answer.
/// </param>
/// <param name="Rule">How it was found.</param>
public sealed record ExtractedAnswer(string Text, ExtractionRule Rule);

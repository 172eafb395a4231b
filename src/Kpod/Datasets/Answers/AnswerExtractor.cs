using Kpod.Datasets.Answers.Values;

namespace Kpod.Datasets.Answers;

/// <summary>Finds the answer in what a model or a teacher wrote.</summary>
public static class AnswerExtractor
{
    private const string OwnSentence = "Therefore, the answer is ";

    /// <summary>Finds the answer in the prompt's own form only: "Therefore, the answer is y", y and nothing else up to the end of the line. The last such sentence counts.</summary>
    /// <param name="text">The text; what follows an end token or an invented next question is not read.</param>
    /// <param name="format">How the question's answers look.</param>
    /// <returns>The answer, or null where the text has none in this form.</returns>
    public static ExtractedAnswer? Strict(string text, AnswerFormat format)
    {
        var cut = AnswerText.Cut(text);
        var start = cut.LastIndexOf(OwnSentence, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var rest = cut[(start + OwnSentence.Length)..];
        var line = rest.Split('\n', 2)[0].Trim();
        var answer = line.EndsWith('.') ? line[..^1].TrimEnd() : line;
        return PlainAnswer(answer, format) is { } plain ? new ExtractedAnswer(plain, ExtractionRule.OwnForm) : null;
    }

    /// <summary>Finds the answer in whatever form a careful reader would understand.</summary>
    /// <param name="text">The text; what follows an end token or an invented next question is not read.</param>
    /// <param name="format">How the question's answers look.</param>
    /// <returns>The answer, or null where the text gives no single answer.</returns>
    public static ExtractedAnswer? Flexible(string text, AnswerFormat format)
    {
        var cut = AnswerText.Cut(text);
        return format.Kind switch
        {
            AnswerKind.Number => NumberAnswerReader.Read(cut),
            AnswerKind.Choice => ChoiceAnswerReader.Read(cut, format.Choices),
            _ => TextAnswerReader.Read(cut),
        };
    }

    private static string? PlainAnswer(string answer, AnswerFormat format) => format.Kind switch
    {
        AnswerKind.Number => AnswerValue.TryParse(answer, out var value) ? value.ToString() : null,
        AnswerKind.Choice => format.Choices.Keys.FirstOrDefault(letter => answer == letter || answer == $"({letter})"),
        _ => answer.Length > 0 ? answer : null,
    };
}

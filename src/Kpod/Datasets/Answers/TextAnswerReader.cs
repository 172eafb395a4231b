using Kpod.Datasets.Answers.Values;

namespace Kpod.Datasets.Answers;

/// <summary>Finds a free answer in words: what stands behind the last "the answer is", else the last line.</summary>
internal static class TextAnswerReader
{
    /// <summary>Reads a text.</summary>
    /// <param name="text">What a model or a teacher wrote, cut by <see cref="AnswerText.Cut"/>.</param>
    /// <returns>The answer's words, or null where there are none.</returns>
    public static ExtractedAnswer? Read(string text)
    {
        var clean = AnswerText.Clean(text);
        foreach (var statement in AnswerStatement.Find(clean).AsEnumerable().Reverse())
        {
            var words = FirstSentence(clean[statement.Start..statement.End]);
            if (words.Length > 0)
            {
                return new ExtractedAnswer(words, statement.Rule);
            }
        }

        var lines = clean.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? null : new ExtractedAnswer(FirstSentence(lines[^1]), lines.Length == 1 ? ExtractionRule.WholeText : ExtractionRule.LastSentence);
    }

    private static string FirstSentence(string text)
    {
        var start = text.Trim(' ', '\n', '\t', AnswerText.BoxStart, AnswerText.BoxEnd);
        var end = 0;
        while (end < start.Length && start[end] != '\n' && !(start[end] is '.' or '!' or '?' && (end + 1 == start.Length || char.IsWhiteSpace(start[end + 1]))))
        {
            end++;
        }

        return start[..end].Trim(' ', '"', '\'', AnswerText.BoxStart, AnswerText.BoxEnd);
    }
}

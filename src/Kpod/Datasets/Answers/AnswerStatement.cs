using System.Text.RegularExpressions;
using Kpod.Datasets.Answers.Values;

namespace Kpod.Datasets.Answers;

/// <summary>A place of a cleaned text where an answer is announced.</summary>
/// <param name="Rule">By which sign.</param>
/// <param name="Start">First character behind the sign.</param>
/// <param name="End">One past the last character that can belong to the answer.</param>
/// <param name="IsLabel">Whether the sign is a label such as "Answer:", behind which a whole solution may follow.</param>
internal sealed partial record AnswerStatement(ExtractionRule Rule, int Start, int End, bool IsLabel)
{
    /// <summary>Finds every announcement.</summary>
    /// <param name="text">A text as <see cref="AnswerText.Clean"/> leaves it.</param>
    /// <returns>The announcements in the order of the text.</returns>
    public static List<AnswerStatement> Find(string text)
    {
        var found = new List<AnswerStatement>();
        foreach (Match match in Marker().Matches(text))
        {
            found.Add(new(ExtractionRule.Marker, match.Index + match.Length, LineEnd(text, match.Index + match.Length), false));
        }

        for (var start = text.IndexOf(AnswerText.BoxStart, StringComparison.Ordinal); start >= 0; start = text.IndexOf(AnswerText.BoxStart, start + 1))
        {
            var end = text.IndexOf(AnswerText.BoxEnd, start);
            found.Add(new(ExtractionRule.Box, start + 1, end < 0 ? start + 1 : end, false));
        }

        foreach (Match match in Phrase().Matches(text))
        {
            var isLabel = match.Value[^1] is ':' or '=';
            found.Add(new(ExtractionRule.Statement, match.Index + match.Length, text.Length, isLabel));
        }

        foreach (Match match in LineLabel().Matches(text))
        {
            found.Add(new(ExtractionRule.Statement, match.Index + match.Length, text.Length, true));
        }

        return [.. found.OrderBy(statement => statement.Start)];
    }

    private static int LineEnd(string text, int start)
    {
        var end = text.IndexOf('\n', start);
        return end < 0 ? text.Length : end;
    }

    [GeneratedRegex(@"####", RegexOptions.CultureInvariant)]
    private static partial Regex Marker();

    // "the answer (to the question) is", "answer:", "answer ="; not "cannot answer", "to answer this", "checking our answer:", "the answer is to ...".
    [GeneratedRegex(
        @"(?<!\b(?:to|cannot|can't|can|could|not|we|you|I|will|would|must|should|please)\s)(?<!\b(?:check|checking|verify|verifying|confirm|confirming|express|expressing|round|rounding|convert|converting|simplify)\s+(?:the|our|my|your|this)\s)"
        + @"\banswers?\b(?:,? (?:then|therefore|here|now|thus|would|will|should|must|simply|just|also)\b,?| (?:to|for|of|in|as)\b[^.!?:=\n\d,;]{0,80}?| ?\([^()\n]{0,30}\)){0,3}"
        + @"\s*(?:\b(?:is|are|was|were|be|equals|becomes|comes (?:out )?to)\b(?! (?:to|correct|right|wrong|incorrect|consistent|reasonable|the same|already|exact|accurate|valid|verified|an? (?:whole|estimat\w+|integer|fraction|decimal))\b)(?:\s+(?:simply|just|then|therefore|thus|as follows))?\s*:?|[:=])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Phrase();

    [GeneratedRegex(@"^[ \t]*(?:the )?(?:final |correct )?answers?[ \t]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex LineLabel();
}

namespace Kpod.StepDifficulty;

/// <summary>
/// Cuts a rationale into steps. The paper separates steps by "."; its own Figure 1 keeps "110*.3=33." whole, so a full stop only counts where it can end a
/// sentence. The steps, put together, are the text, character for character.
/// </summary>
public static class StepSplitter
{
    private const int LongestAbbreviation = 6;

    // Number: only with a capital, for "no." ends a sentence.
    private const string NumberAbbreviation = "No";

    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "Mr", "Mrs", "Ms", "Dr", "St", "vs", "etc", "e.g", "i.e", "a.m", "p.m", "approx", "U.S",
    };

    /// <summary>Cuts a text into steps.</summary>
    /// <param name="text">A rationale.</param>
    /// <param name="splitOnNewline">Whether a line's end also ends a step.</param>
    /// <returns>The steps in order; none only for an empty text. White space that would be a step of its own belongs to the step before it.</returns>
    public static IReadOnlyList<RationaleStep> Split(string text, bool splitOnNewline = false)
    {
        var steps = new List<RationaleStep>();
        var start = 0;
        var position = 0;
        while (position < text.Length)
        {
            var next = position + 1;
            var end = -1;
            if (text[position] == '.')
            {
                // A run of dots is one boundary or none.
                while (next < text.Length && text[next] == '.')
                {
                    next++;
                }

                end = EndsStep(text, start, position, next) ? SkipWhiteSpace(text, SkipClosing(text, next)) : -1;
            }
            else if (splitOnNewline && text[position] == '\n' && !text.AsSpan(start, position - start).IsWhiteSpace())
            {
                end = SkipWhiteSpace(text, next);
            }

            if (end >= 0)
            {
                steps.Add(new RationaleStep(start, end));
                start = end;
            }

            position = end >= 0 ? end : next;
        }

        if (start < text.Length)
        {
            // Each boundary took the white space behind it along, so a rest of white space alone can only be the whole text.
            steps.Add(new RationaleStep(start, text.Length));
        }

        return steps;
    }

    private static bool EndsStep(string text, int start, int firstDot, int afterDots)
    {
        var canEnd = afterDots == text.Length || char.IsWhiteSpace(text[afterDots]) || IsClosing(text[afterDots]);
        return canEnd && !IsListMarker(text.AsSpan(start, firstDot - start)) && !IsAbbreviation(text.AsSpan(start, firstDot - start));
    }

    // "1", "12", "a", each with or without an opening parenthesis: the marker belongs to what it counts.
    private static bool IsListMarker(ReadOnlySpan<char> sinceBoundary)
    {
        var marker = sinceBoundary.Trim();
        if (marker.StartsWith("("))
        {
            marker = marker[1..];
        }

        return marker.Length switch
        {
            1 => char.IsAsciiDigit(marker[0]) || char.IsLetter(marker[0]),
            2 => char.IsAsciiDigit(marker[0]) && char.IsAsciiDigit(marker[1]),
            _ => false,
        };
    }

    private static bool IsAbbreviation(ReadOnlySpan<char> sinceBoundary)
    {
        var first = sinceBoundary.Length;
        while (first > 0 && (char.IsLetter(sinceBoundary[first - 1]) || sinceBoundary[first - 1] == '.'))
        {
            first--;
        }

        var word = sinceBoundary[first..].TrimStart('.');
        if (word.Length is 0 or > LongestAbbreviation)
        {
            return false;
        }

        // "10a.m." is a time, but the letters of "1st" are no word of their own.
        var afterDigit = first > 0 && char.IsDigit(sinceBoundary[first - 1]);
        var text = word.ToString();
        return (text == NumberAbbreviation || Abbreviations.Contains(text)) && (!afterDigit || text.Contains('.'));
    }

    private static int SkipClosing(string text, int position)
    {
        while (position < text.Length && IsClosing(text[position]))
        {
            position++;
        }

        return position;
    }

    private static int SkipWhiteSpace(string text, int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position;
    }

    private static bool IsClosing(char character) => character is '"' or '\'' or ')' or ']' or '}' or '”' or '’' or '»';
}

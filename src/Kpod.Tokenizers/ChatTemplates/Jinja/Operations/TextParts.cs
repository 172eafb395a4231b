using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>Cuts strings up and puts them together.</summary>
internal static class TextParts
{
    /// <summary>Takes characters off the ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="characters">Which; null for white space.</param>
    /// <param name="fromLeft">Whether from the start.</param>
    /// <param name="fromRight">Whether from the end.</param>
    /// <returns>The rest.</returns>
    public static TemplateText Strip(TemplateText text, string? characters, bool fromLeft, bool fromRight)
    {
        var stripped = characters?.EnumerateRunes().Select(rune => rune.ToString()).ToHashSet(StringComparer.Ordinal);
        var (start, end) = (0, text.Value.Length);
        while (fromLeft && start < end && WidthAt(start) is > 0 and var width)
        {
            start += width;
        }

        while (fromRight && start < end && WidthBefore(end) is > 0 and var width)
        {
            end -= width;
        }

        return text.CutUnits(start, end);

        // Width of the character there if it is to be taken off, else 0.
        int WidthAt(int unit) => Stripped(unit, unit + 1 < end && char.IsSurrogatePair(text.Value[unit], text.Value[unit + 1]) ? 2 : 1);
        int WidthBefore(int unit) => unit - 2 >= start && char.IsSurrogatePair(text.Value[unit - 2], text.Value[unit - 1]) ? Stripped(unit - 2, 2) : Stripped(unit - 1, 1);
        int Stripped(int unit, int width) =>
            (stripped is null ? width == 1 && PythonText.IsSpace(text.Value[unit]) : stripped.Contains(text.Value.Substring(unit, width))) ? width : 0;
    }

    /// <summary>Cuts a text at a separator.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">The separator, not empty.</param>
    /// <param name="most">The most cuts.</param>
    /// <param name="fromRight">Whether the last ones are made.</param>
    /// <returns>The parts in order.</returns>
    public static List<object?> Split(TemplateText text, string separator, int most, bool fromRight)
    {
        var parts = new List<object?>();
        var (start, end) = (0, text.Value.Length);
        while (parts.Count < most)
        {
            var place = fromRight ? TextSearch.Last(text.Value, separator, end) : TextSearch.First(text.Value, separator, start);
            if (place < 0)
            {
                break;
            }

            parts.Add(fromRight ? text.CutUnits(place + separator.Length, end) : text.CutUnits(start, place));
            (start, end) = fromRight ? (start, place) : (place + separator.Length, end);
        }

        parts.Add(text.CutUnits(start, end));
        if (fromRight)
        {
            parts.Reverse();
        }

        return parts;
    }

    /// <summary>Cuts a text at white space, which vanishes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most cuts.</param>
    /// <param name="fromRight">Whether the last ones are made.</param>
    /// <returns>The words; where cuts run out, the rest as it is.</returns>
    public static List<object?> SplitWords(TemplateText text, int most, bool fromRight)
    {
        var words = new List<object?>();
        var rest = Strip(text, null, fromLeft: true, fromRight: true);
        var (start, end) = (0, rest.Value.Length);
        while (start < end && words.Count < most)
        {
            RenderBudget.Step();
            var cut = fromRight ? LastSpace(rest.Value, start, end) : FirstSpace(rest.Value, start, end);
            if (cut < 0)
            {
                break;
            }

            words.Add(fromRight ? rest.CutUnits(cut + 1, end) : rest.CutUnits(start, cut));
            (start, end) = fromRight ? (start, SkipBack(rest.Value, start, cut)) : (Skip(rest.Value, cut, end), end);
        }

        if (start < end)
        {
            words.Add(Rest(text, rest, start, end, words.Count >= most, fromRight));
        }

        if (fromRight)
        {
            words.Reverse();
        }

        return words;
    }

    /// <summary>Cuts a text at line ends: <c>\n</c>, <c>\r</c>, <c>\r\n</c>, <c>\v</c>, <c>\f</c>, U+001C to U+001E, U+0085, U+2028, U+2029.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keepsEnds">Whether the line ends stay.</param>
    /// <returns>The lines; none behind a closing line end.</returns>
    public static IEnumerable<TemplateText> SplitLines(TemplateText text, bool keepsEnds)
    {
        var value = text.Value;
        for (var start = 0; start < value.Length;)
        {
            var end = start;
            while (end < value.Length && !IsLineEnd(value[end]))
            {
                end++;
            }

            var next = end == value.Length ? end : value[end] == '\r' && end + 1 < value.Length && value[end + 1] == '\n' ? end + 2 : end + 1;
            yield return text.CutUnits(start, keepsEnds ? next : end);
            start = next;
        }
    }

    /// <summary>Puts a text in the place of another.</summary>
    /// <param name="text">Where.</param>
    /// <param name="old">What is replaced; the empty text stands before, between and behind all characters.</param>
    /// <param name="replacement">What takes its place.</param>
    /// <param name="most">How often; below 0 for always.</param>
    /// <returns>The result.</returns>
    public static TemplateText Replace(TemplateText text, string old, TemplateText replacement, int most)
    {
        most = most < 0 ? int.MaxValue : most;
        return old.Length > 0 ? Join(replacement, Split(text, old, most, fromRight: false).Cast<TemplateText>()) : Interleave(text, replacement, most);
    }

    /// <summary>Joins texts.</summary>
    /// <param name="separator">What stands between them.</param>
    /// <param name="parts">The texts.</param>
    /// <returns>The whole.</returns>
    public static TemplateText Join(TemplateText separator, IEnumerable<TemplateText> parts)
    {
        var joined = new TemplateTextBuilder();
        var isFirst = true;
        foreach (var part in parts)
        {
            joined.Append(isFirst ? TemplateText.Empty : separator).Append(part);
            isFirst = false;
        }

        return joined.ToText();
    }

    /// <summary>Fills a text up to a width.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width in code points.</param>
    /// <param name="fill">What with.</param>
    /// <param name="leftShare">The share of it that stands on the left: 0, 1 or a half.</param>
    /// <returns>The filled text.</returns>
    public static TemplateText Pad(TemplateText text, int width, TemplateText fill, double leftShare)
    {
        var missing = Math.Max(0, width - text.Count);

        // Python puts the odd one on the left where the width is odd.
        var left = leftShare == 0.5 ? (missing / 2) + (missing & width & 1) : (int)(missing * leftShare);
        return new TemplateTextBuilder().Append(fill, left).Append(text).Append(fill, missing - left).ToText();
    }

    /// <summary>Fills a text up with zeros behind its sign.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width in code points.</param>
    /// <returns>The filled text.</returns>
    public static TemplateText FillWithZeros(TemplateText text, int width)
    {
        var sign = text.Value.StartsWith('+') || text.Value.StartsWith('-') ? 1 : 0;
        return new TemplateTextBuilder().Append(text.CutUnits(0, sign)).Append(TemplateText.Own("0"), width - text.Count)
            .Append(text.CutUnits(sign, text.Value.Length)).ToText();
    }

    // The last part keeps the white space at its far end where the cuts ran out.
    private static TemplateText Rest(TemplateText text, TemplateText stripped, int start, int end, bool ranOut, bool fromRight)
    {
        if (!ranOut)
        {
            return stripped.CutUnits(start, end);
        }

        var offset = text.Value.Length - Strip(text, null, fromLeft: true, fromRight: false).Value.Length;
        return fromRight ? text.CutUnits(0, offset + end) : text.CutUnits(offset + start, text.Value.Length);
    }

    private static TemplateText Interleave(TemplateText text, TemplateText replacement, int most)
    {
        var result = new TemplateTextBuilder();
        var done = 0;
        foreach (var character in text.CodePoints())
        {
            result.Append(done++ < most ? replacement : TemplateText.Empty).Append(character);
        }

        return result.Append(done < most ? replacement : TemplateText.Empty).ToText();
    }

    private static bool IsLineEnd(char unit) => unit is '\n' or '\r' or '\v' or '\f' or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029';

    private static int FirstSpace(string value, int start, int end)
    {
        for (var place = start; place < end; place++)
        {
            if (PythonText.IsSpace(value[place]))
            {
                return place;
            }
        }

        return -1;
    }

    private static int LastSpace(string value, int start, int end)
    {
        for (var place = end - 1; place >= start; place--)
        {
            if (PythonText.IsSpace(value[place]))
            {
                return place;
            }
        }

        return -1;
    }

    private static int Skip(string value, int start, int end)
    {
        while (start < end && PythonText.IsSpace(value[start]))
        {
            start++;
        }

        return start;
    }

    private static int SkipBack(string value, int start, int end)
    {
        while (end > start && PythonText.IsSpace(value[end - 1]))
        {
            end--;
        }

        return end;
    }
}

using System.Globalization;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Execution;

/// <summary>Python's <c>strftime</c> in English.</summary>
internal static class TimeFormat
{
    /// <summary>Formats a time.</summary>
    /// <param name="format">The format.</param>
    /// <param name="time">The time.</param>
    /// <returns>The text; a directive that is not known stays as it is.</returns>
    public static TemplateText Apply(TemplateText format, DateTimeOffset time)
    {
        var (text, value) = (new TemplateTextBuilder(), format.Value);
        for (var at = 0; at < value.Length;)
        {
            // A minus sign takes the leading zero off.
            var isBare = at + 2 < value.Length && value[at] == '%' && value[at + 1] == '-';
            var width = isBare ? 3 : 2;
            if (value[at] == '%' && at + width <= value.Length && Directive(value[at + width - 1], time) is { } directive)
            {
                text.Append(isBare && directive.TrimStart('0', ' ') is var bare ? (bare.Length == 0 ? "0" : bare) : directive);
                at += width;
            }
            else
            {
                text.Append(format.CutUnits(at, at + 1));
                at++;
            }
        }

        return text.ToText();
    }

    private static string? Directive(char letter, DateTimeOffset time)
    {
        var pattern = letter switch
        {
            'Y' => "yyyy",
            'y' => "yy",
            'm' => "MM",
            'd' => "dd",
            'H' => "HH",
            'I' => "hh",
            'M' => "mm",
            'S' => "ss",
            'p' => "tt",
            'B' => "MMMM",
            'b' or 'h' => "MMM",
            'A' => "dddd",
            'a' => "ddd",
            'f' => "ffffff",
            'F' => "yyyy-MM-dd",
            'T' or 'X' => "HH:mm:ss",
            'R' => "HH:mm",
            'D' or 'x' => "MM/dd/yy",
            _ => null,
        };
        return pattern is not null ? time.ToString(pattern, CultureInfo.InvariantCulture) : letter switch
        {
            '%' => "%",
            'n' => "\n",
            't' => "\t",
            'Z' or 'z' => string.Empty, // the time has no zone, as in the reference
            'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'u' => (time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'c' => time.ToString("ddd MMM ", CultureInfo.InvariantCulture) + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + time.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture),
            _ => null,
        };
    }
}

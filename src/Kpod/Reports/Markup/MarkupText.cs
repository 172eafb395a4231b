using System.Text;

namespace Kpod.Reports.Markup;

/// <summary>Makes any text safe inside HTML, SVG and quoted attributes.</summary>
internal static class MarkupText
{
    /// <summary>Escapes markup, shows control characters as pictures and replaces what no document may hold (lone surrogates).</summary>
    /// <param name="text">Any text, also a hostile one.</param>
    /// <returns>Text that is data wherever it stands.</returns>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            AppendEscaped(result, rune);
        }

        return result.ToString();
    }

    /// <summary>
    /// A control character as its picture (U+2400 and on), which shows and does nothing; line ends and tabs stay. Controls that turn the direction of
    /// writing are replaced, for they could make a text look like another one.
    /// </summary>
    /// <param name="rune">Any character.</param>
    /// <returns>One that may stand in a document and on a terminal.</returns>
    public static Rune Visible(Rune rune) => rune.Value switch
    {
        '\n' or '\r' or '\t' => rune,
        < 0x20 => new Rune(0x2400 + rune.Value),
        0x7F => new Rune(0x2421),
        >= 0x80 and < 0xA0 or 0xFFFE or 0xFFFF or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => Rune.ReplacementChar,
        _ => rune,
    };

    private static void AppendEscaped(StringBuilder result, Rune rune)
    {
        switch (rune.Value)
        {
            case '&':
                result.Append("&amp;");
                break;
            case '<':
                result.Append("&lt;");
                break;
            case '>':
                result.Append("&gt;");
                break;
            case '"':
                result.Append("&quot;");
                break;
            case '\'':
                result.Append("&#39;");
                break;
            case '\r':
                break;
            default:
                result.Append(Visible(rune));
                break;
        }
    }
}

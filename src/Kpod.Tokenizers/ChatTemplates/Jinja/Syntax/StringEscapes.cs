using System.Globalization;
using System.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>Reads the escapes in a template's string literals, which are Python's.</summary>
internal static class StringEscapes
{
    /// <summary>Decodes a literal.</summary>
    /// <param name="literal">What stands between the quotes.</param>
    /// <param name="line">Where, for errors.</param>
    /// <returns>The string.</returns>
    /// <exception cref="TemplateFault">An escape is cut short or names no character.</exception>
    public static string Decode(string literal, int line)
    {
        if (!literal.Contains('\\', StringComparison.Ordinal))
        {
            return literal;
        }

        var text = new StringBuilder(literal.Length);
        for (var at = 0; at < literal.Length; at++)
        {
            if (literal[at] == '\\' && at + 1 < literal.Length)
            {
                at = Append(text, literal, at + 1, line) - 1;
            }
            else
            {
                text.Append(literal[at]);
            }
        }

        return text.ToString();
    }

    // Decodes the escape whose letter stands at a place; returns the place behind it.
    private static int Append(StringBuilder text, string literal, int at, int line)
    {
        var letter = literal[at];
        switch (letter)
        {
            case '\n':
                return at + 1;
            case 'x':
                return AppendCode(text, literal, at + 1, 2, line);
            case 'u':
                return AppendCode(text, literal, at + 1, 4, line);
            case 'U':
                return AppendCode(text, literal, at + 1, 8, line);
            case >= '0' and <= '7':
                var end = at;
                var code = 0;
                while (end < literal.Length && end < at + 3 && literal[end] is >= '0' and <= '7')
                {
                    code = (code * 8) + (literal[end++] - '0');
                }

                text.Append((char)code);
                return end;
            case 'N':
                throw new TemplateFault(TemplateFault.Syntax, @"the escape \N{...} is not implemented; write the character itself") { Line = line };
            default:
                AppendSimple(text, letter);
                return at + 1;
        }
    }

    private static void AppendSimple(StringBuilder text, char letter)
    {
        const string letters = "abfnrtv";
        const string codes = "\a\b\f\n\r\t\v";
        var known = letters.IndexOf(letter, StringComparison.Ordinal);
        if (known >= 0)
        {
            text.Append(codes[known]);
        }
        else if (letter is '\\' or '\'' or '"')
        {
            text.Append(letter);
        }
        else if (letter > '\x7f')
        {
            // Jinja escapes what is not ASCII before it reads the escapes, so that the two backslashes become one.
            text.Append(letter <= '\xff' ? "\\x" : "\\u").Append(((int)letter).ToString(letter <= '\xff' ? "x2" : "x4", CultureInfo.InvariantCulture));
        }
        else
        {
            text.Append('\\').Append(letter);
        }
    }

    private static int AppendCode(StringBuilder text, string literal, int start, int digits, int line)
    {
        if (start + digits <= literal.Length
            && int.TryParse(literal.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            && code is >= 0 and <= 0x10FFFF)
        {
            text.Append(code <= 0xFFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code));
            return start + digits;
        }

        throw new TemplateFault(TemplateFault.Syntax, $"a string literal holds an escape that is cut short or names no character: \\{literal[start - 1]}") { Line = line };
    }
}

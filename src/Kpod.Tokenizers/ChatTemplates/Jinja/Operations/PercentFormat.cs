using System.Globalization;
using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>Python's <c>text % values</c>.</summary>
internal static class PercentFormat
{
    /// <summary>Formats values.</summary>
    /// <param name="format">The text with its placeholders.</param>
    /// <param name="values">A tuple of values, a dictionary for named ones, or a single value.</param>
    /// <returns>The text.</returns>
    /// <exception cref="TemplateFault">Placeholders and values do not fit.</exception>
    public static TemplateText Apply(TemplateText format, object? values)
    {
        var (result, text, used) = (new TemplateTextBuilder(), format.Value, 0);
        var positional = values is PythonTuple tuple ? tuple.Items : [values];
        var at = 0;
        for (var mark = TextSearch.First(text, "%", 0); mark >= 0; mark = TextSearch.First(text, "%", at))
        {
            result.Append(format.CutUnits(at, mark));
            at = mark + 1;
            var name = ReadName(text, ref at);
            var specification = ReadSpecification(text, ref at, Next);
            if (at == text.Length)
            {
                throw TemplateFault.Value("incomplete format");
            }

            var letter = text[at++];
            result.Append(letter == '%' ? TemplateText.Own("%") : Format(letter, specification, name is null ? Next() : PythonMembers.Item(values, TemplateText.Own(name))));
        }

        if (used < positional.Count && values is PythonTuple or not (PythonDictionary or PythonTuple or PythonList) && used < positional.Count)
        {
            throw TemplateFault.Type("not all arguments converted during string formatting");
        }

        return result.Append(format.CutUnits(at, text.Length)).ToText();

        object? Next() => used < positional.Count ? positional[used++] : throw TemplateFault.Type("not enough arguments for format string");
    }

    private static string? ReadName(string text, ref int at)
    {
        if (at >= text.Length || text[at] != '(')
        {
            return null;
        }

        var end = text.IndexOf(')', at);
        if (end < 0)
        {
            throw TemplateFault.Value("incomplete format key");
        }

        var name = text[(at + 1)..end];
        at = end + 1;
        return name;
    }

    // Flags, width and precision, as the specification of str.format has them.
    private static NumberFormat ReadSpecification(string text, ref int at, Func<object?> next)
    {
        var format = new NumberFormat { Align = '>' };
        for (; at < text.Length && "-+ #0".Contains(text[at], StringComparison.Ordinal); at++)
        {
            format = text[at] switch
            {
                '-' => format with { Align = '<', Fill = " " },
                '+' => format with { Sign = '+' },
                ' ' => format with { Sign = format.Sign == '+' ? '+' : ' ' },
                '0' when format.Align != '<' => format with { Fill = "0", Align = '=' },
                _ => format,
            };
        }

        format = format with { Width = ReadNumber(text, ref at, next) ?? 0 };
        if (at < text.Length && text[at] == '.')
        {
            at++;
            format = format with { Precision = ReadNumber(text, ref at, next) ?? 0 };
        }

        while (at < text.Length && text[at] is 'l' or 'h' or 'L')
        {
            at++;
        }

        return format;
    }

    private static int? ReadNumber(string text, ref int at, Func<object?> next)
    {
        if (at < text.Length && text[at] == '*')
        {
            at++;
            return Math.Clamp(PythonNumbers.ToInt32(next()), 0, 10_000);
        }

        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return start == at ? null
            : int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 10_000 ? number
            : throw TemplateFault.Value("the width or precision of a format is too large");
    }

    private static TemplateText Format(char letter, NumberFormat format, object? value)
    {
        switch (letter)
        {
            case 's' or 'r' or 'a':
                var text = letter == 's' ? PythonText.Str(value) : PythonText.Repr(value);
                return (format with { Fill = " ", Align = format.Align == '=' ? '>' : format.Align }).Apply(text);
            case 'd' or 'i' or 'u':
                if (!PythonNumbers.IsNumber(value))
                {
                    throw value is Undefined undefined ? undefined.Fault() : TemplateFault.Type($"%{letter} format: a real number is required, not {TypeNames.Of(value)}");
                }

                return (format with { Type = 'd', Precision = null }).Apply(value is double real ? new BigInteger(real) : PythonNumbers.ToInteger(value));
            case 'f' or 'F' or 'e' or 'E':
                return (format with { Type = letter }).Apply(PythonNumbers.IsNumber(value) ? PythonNumbers.ToDouble(value) : throw TemplateFault.Type($"must be real number, not {TypeNames.Of(value)}"));
            case 'x' or 'X' or 'o':
                return (format with { Type = letter }).Apply(PythonNumbers.ToInteger(value));
            case 'c':
                var character = value is TemplateText { Count: 1 } one ? one
                    : PythonNumbers.IsInteger(value) && System.Text.Rune.TryCreate(PythonNumbers.ToInt32(value), out var rune) ? TemplateText.Own(rune.ToString())
                    : throw TemplateFault.Type("%c requires int or char");
                return (format with { Fill = " ", Align = format.Align == '=' ? '>' : format.Align, Precision = null }).Apply(character);
            case 'g' or 'G':
                throw TemplateFault.NotImplemented($"the format %{letter}");
            default:
                throw TemplateFault.Value($"unsupported format character '{letter}'");
        }
    }
}

using System.Globalization;
using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>Python's format specifications: <c>[[fill]align][sign][#][0][width][,][.precision][type]</c>.</summary>
internal sealed record NumberFormat
{
    /// <summary>What fills a field up.</summary>
    public string Fill { get; init; } = " ";

    /// <summary><c>&lt;</c> left, <c>&gt;</c> right, <c>^</c> in the middle, <c>=</c> between sign and digits; null for the type's own.</summary>
    public char? Align { get; init; }

    /// <summary><c>-</c>, <c>+</c> or a space: what stands before a number that is not negative.</summary>
    public char Sign { get; init; } = '-';

    /// <summary>The smallest width.</summary>
    public int Width { get; init; }

    /// <summary>What stands between thousands, or null.</summary>
    public char? Grouping { get; init; }

    /// <summary>Digits behind the point, or the longest text; null for the type's own.</summary>
    public int? Precision { get; init; }

    /// <summary>The type's letter; null for the value's own.</summary>
    public char? Type { get; init; }

    /// <summary>Reads a specification.</summary>
    /// <param name="text">The specification.</param>
    /// <returns>The format.</returns>
    /// <exception cref="TemplateFault">It is none.</exception>
    public static NumberFormat Parse(string text)
    {
        var at = 0;
        var format = new NumberFormat();
        if (text.Length > 1 && text[1] is '<' or '>' or '^' or '=')
        {
            format = format with { Fill = text[..1], Align = text[1] };
            at = 2;
        }
        else if (text.Length > 0 && text[0] is '<' or '>' or '^' or '=')
        {
            format = format with { Align = text[0] };
            at = 1;
        }

        if (at < text.Length && text[at] is '+' or '-' or ' ')
        {
            format = format with { Sign = text[at++] };
        }

        if (at < text.Length && text[at] == '0')
        {
            format = format with { Fill = format.Align is null ? "0" : format.Fill, Align = format.Align ?? '=' };
            at++;
        }

        format = format with { Width = ReadNumber(text, ref at) ?? 0 };
        if (at < text.Length && text[at] is ',' or '_')
        {
            format = format with { Grouping = text[at++] };
        }

        if (at < text.Length && text[at] == '.')
        {
            at++;
            format = format with { Precision = ReadNumber(text, ref at) ?? throw TemplateFault.Value("Format specifier missing precision") };
        }

        format = format with { Type = at < text.Length ? text[at++] : null };
        return at == text.Length ? format : throw TemplateFault.Value($"Invalid format specifier '{text}'");
    }

    /// <summary>Formats a value.</summary>
    /// <param name="value">A text, number, or anything where the format says nothing.</param>
    /// <returns>The text.</returns>
    /// <exception cref="TemplateFault">The format does not fit the value.</exception>
    public TemplateText Apply(object? value)
    {
        // True and false are numbers as soon as a format says anything.
        if (PythonNumbers.IsNumber(value) && (value is not bool || this != new NumberFormat()))
        {
            return Place(FormatNumber(value), isNumber: true);
        }

        if (value is not TemplateText && this != new NumberFormat())
        {
            throw TemplateFault.Type($"unsupported format string passed to {TypeNames.Of(value)}.__format__");
        }

        if (Type is not (null or 's') || Grouping is not null || Sign != '-' || Align == '=')
        {
            throw TemplateFault.Value($"Unknown format code '{Type}' for object of type '{TypeNames.Of(value)}'");
        }

        var text = PythonText.Str(value);
        return Place(Precision is { } longest ? text.Cut(0, Math.Min(longest, text.Count)) : text, isNumber: false);
    }

    private static int? ReadNumber(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return start == at ? null
            : int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 10_000 ? number
            : throw TemplateFault.Value($"the field width or precision in '{text}' is too large");
    }

    private TemplateText FormatNumber(object? value)
    {
        var letter = Type ?? (value is double ? 'r' : 'd');
        var isNegative = value is double real ? real < 0 || (real == 0 && double.IsNegative(real)) : PythonNumbers.ToInteger(value).Sign < 0;
        var digits = letter switch
        {
            'd' or 'n' or 'i' when PythonNumbers.IsInteger(value) => Group(PythonNumbers.Print(BigInteger.Abs(PythonNumbers.ToInteger(value)))),
            'x' or 'X' or 'o' or 'b' when PythonNumbers.IsInteger(value) => Based(BigInteger.Abs(PythonNumbers.ToInteger(value)), letter),
            'f' or 'F' or '%' or 'e' or 'E' => Group(Fixed(Math.Abs(PythonNumbers.ToDouble(value)), letter)),
            'r' when Precision is null => Group(PythonNumbers.Print(Math.Abs(PythonNumbers.ToDouble(value)))),
            'g' or 'r' => throw TemplateFault.NotImplemented($"the number format '{letter}' with a precision"),
            _ => throw TemplateFault.Value($"Unknown format code '{letter}' for object of type '{TypeNames.Of(value)}'"),
        };
        return TemplateText.Own((isNegative ? "-" : Sign == '-' ? string.Empty : Sign.ToString()) + digits);
    }

    private string Fixed(double size, char letter)
    {
        var precision = Precision ?? 6;
        if (letter is 'e' or 'E')
        {
            // Two digits of the exponent at least, where .NET has three.
            var text = size.ToString($"E{precision}", CultureInfo.InvariantCulture);
            var mark = text.IndexOf('E', StringComparison.Ordinal);
            var exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture, $"{text[..mark]}{letter}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        return letter == '%' ? ExactRounding.ToDigits(size * 100, precision) + "%" : ExactRounding.ToDigits(size, precision);
    }

    private static string Based(BigInteger size, char letter)
    {
        var numberBase = letter switch { 'o' => 8, 'b' => 2, _ => 16 };
        var digits = new Stack<char>();
        do
        {
            digits.Push("0123456789abcdef"[(int)(size % numberBase)]);
            size /= numberBase;
        }
        while (!size.IsZero);
        var text = string.Concat(digits);
        return letter == 'X' ? text.ToUpperInvariant() : text;
    }

    private string Group(string digits)
    {
        if (Grouping is not { } mark)
        {
            return digits;
        }

        var whole = digits.TakeWhile(char.IsAsciiDigit).Count();
        var grouped = string.Concat(digits[..whole].Select((digit, index) => index > 0 && (whole - index) % 3 == 0 ? $"{mark}{digit}" : digit.ToString()));
        return grouped + digits[whole..];
    }

    private TemplateText Place(TemplateText text, bool isNumber)
    {
        var fill = TemplateText.Own(Fill);
        switch (Align ?? (isNumber ? '>' : '<'))
        {
            case '<':
                return TextParts.Pad(text, Width, fill, 0);
            case '^':
                var missing = Math.Max(0, Width - text.Count);
                return new TemplateTextBuilder().Append(fill, missing / 2).Append(text).Append(fill, missing - (missing / 2)).ToText();
            case '=' when isNumber && text.Value[0] is '-' or '+' or ' ':
                return TemplateTextBuilder.Join(text.Cut(0, 1), TextParts.Pad(text.Cut(1, text.Count), Width - 1, fill, 1));
            default:
                return TextParts.Pad(text, Width, fill, 1);
        }
    }
}

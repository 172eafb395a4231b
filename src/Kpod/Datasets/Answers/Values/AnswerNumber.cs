using System.Globalization;
using System.Text.RegularExpressions;

namespace Kpod.Datasets.Answers.Values;

/// <summary>Reads one number at a place of a cleaned text: digits with separators, decimals, exponents, fractions, percentages, scale words, ratios and times.</summary>
internal static partial class AnswerNumber
{
    private static readonly Dictionary<string, int> Scales = new(StringComparer.Ordinal)
    {
        ["hundred"] = 2,
        ["thousand"] = 3,
        ["million"] = 6,
        ["billion"] = 9,
        ["trillion"] = 12,
    };

    /// <summary>Whether a character is a currency sign; such signs count for nothing.</summary>
    public static bool IsCurrency(char character) => char.GetUnicodeCategory(character) == UnicodeCategory.CurrencySymbol;

    /// <summary>Reads a number where one starts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the number, its sign or its currency sign would start.</param>
    /// <param name="signIsAllowed">Whether a sign there belongs to the number.</param>
    /// <param name="end">One past the number.</param>
    /// <param name="value">Its value; null where the digits are no single number.</param>
    /// <returns>Whether digits stand there.</returns>
    public static bool TryRead(string text, int start, bool signIsAllowed, out int end, out AnswerValue? value)
    {
        value = null;
        end = start;
        var sign = Sign().Match(text, start);
        if (sign.Groups[1].Length > 0 && !signIsAllowed)
        {
            return false;
        }

        var digits = start + sign.Length;
        if (!StartsNumber(text, digits))
        {
            return false;
        }

        // A decimal comma, or numbers run together: which number it is nobody can say. Single digits are a list, from its first to its last.
        var isInList = digits > 1 && text[digits - 1] == ',' && char.IsAsciiDigit(text[digits - 2]);
        if (!isInList && Digits(CommaRun(), text, digits) is { } run && !IsGrouped(run.Value) && !DigitList().IsMatch(run.Value))
        {
            end = run.Index + run.Length;
            return true;
        }

        if (Digits(NotOneNumber(), text, digits) is { } none)
        {
            end = none.Index + none.Length;
            return true;
        }

        end = ReadMagnitude(text, digits, out value);
        end = ReadSuffix(text, end, sign.ValueSpan.IndexOfAnyExcept(" +-–") >= 0 || (start > 0 && IsCurrency(text[start - 1])), ref value);
        if (sign.Groups[1].Value is "-" or "–")
        {
            value = value?.Negate();
        }

        return true;
    }

    /// <summary>Whether the commas of a number group its thousands.</summary>
    /// <param name="number">Digits with commas, a decimal point, a sign and currency signs.</param>
    /// <returns>False for a decimal comma and for a list.</returns>
    public static bool IsGrouped(string number) => WholeGrouped().IsMatch(number);

    private static bool StartsNumber(string text, int index) => index < text.Length
        && (char.IsAsciiDigit(text[index]) || (text[index] == '.' && index + 1 < text.Length && char.IsAsciiDigit(text[index + 1])));

    private static int ReadMagnitude(string text, int start, out AnswerValue? value)
    {
        if (Digits(Ratio(), text, start) is { } ratio)
        {
            value = AnswerValue.Pair(ratio.Groups[1].Value, ratio.Groups[2].Value);
            return start + ratio.Length;
        }

        if (Digits(Mixed(), text, start) is { } mixed)
        {
            var part = Over(mixed.Groups[2].Value, mixed.Groups[3].Value);
            value = part is null ? null : AnswerValue.Decimal(mixed.Groups[1].Value)?.Plus(part);
            return start + mixed.Length;
        }

        if (Digits(MixedHalf(), text, start) is { } half)
        {
            value = AnswerValue.Decimal(half.Groups[1].Value)?.Plus(Over("1", half.Groups[2].Value.StartsWith('h') ? "2" : "4")!);
            return start + half.Length;
        }

        var plain = Digits(Grouped(), text, start) ?? Digits(Plain(), text, start)!;
        value = AnswerValue.Decimal(plain.Value.Replace(",", string.Empty, StringComparison.Ordinal).Replace("'", string.Empty, StringComparison.Ordinal).Replace("_", string.Empty, StringComparison.Ordinal));
        var end = start + plain.Length;
        if (Digits(Exponent(), text, end) is { } exponent)
        {
            value = int.TryParse(exponent.Groups[1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) ? value?.TimesPowerOfTen(power) : null;
            return end + exponent.Length;
        }

        if (Digits(Denominator(), text, end) is { } denominator && value is not null)
        {
            value = AnswerValue.Decimal(denominator.Groups[1].Value) is { } divisor ? AnswerValue.Quotient(value, divisor) : null;
            return end + denominator.Length;
        }

        return end;
    }

    private static int ReadSuffix(string text, int end, bool isMoney, ref AnswerValue? value)
    {
        if (Digits(Meridiem(), text, end) is { } meridiem && value?.AtClock(meridiem.Groups[1].Value[0] is 'p' or 'P') is { } time)
        {
            value = time;
            return end + meridiem.Length;
        }

        if (Digits(ShortScale(), text, end) is { } letter && (isMoney || letter.Value is "M" or "K" or "k"))
        {
            value = value?.TimesPowerOfTen(letter.ValueSpan[0] switch { 'k' or 'K' => 3, 'm' or 'M' => 6, 'b' or 'B' => 9, _ => 12 });
            return end + letter.Length;
        }

        if (Digits(Percent(), text, end) is { } percent)
        {
            value = value?.AsPercent();
            return end + percent.Length;
        }

        if (Digits(Scale(), text, end) is { } scale)
        {
            value = value?.TimesPowerOfTen(Scales[scale.Groups[1].Value.ToLowerInvariant()]);
            return end + scale.Length;
        }

        if (Digits(Dozen(), text, end) is { } dozen)
        {
            value = null; // a unit behind digits is not worked out, as the recorded judgements have it
            return end + dozen.Length;
        }

        return Digits(Ordinal(), text, end) is { } ordinal ? end + ordinal.Length : end;
    }

    private static AnswerValue? Over(string numerator, string denominator) =>
        AnswerValue.Decimal(numerator) is { } top && AnswerValue.Decimal(denominator) is { } bottom ? AnswerValue.Quotient(top, bottom) : null;

    private static Match? Digits(Regex pattern, string text, int start)
    {
        var match = pattern.Match(text, start);
        return match.Success ? match : null;
    }

    // A sign and currency signs in either order; the sign may stand apart.
    [GeneratedRegex(@"\G[\p{Sc}]?([-+–]?)\s?[\p{Sc}]?\s?", RegexOptions.CultureInvariant)]
    private static partial Regex Sign();

    // Versions and section numbers, dates, and a number over zero.
    [GeneratedRegex(@"\G(\d+(\.\d+){2,}(?!\d)|\d+\.{2,}\d+|\d{1,4}/\d{1,2}/\d{1,4}(?!\d)|\d{4}-\d{2}-\d{2}(?!\d)|\d+:\d+:[\d:]+|\d+ ?/ ?0+(?![\d.]))", RegexOptions.CultureInvariant)]
    private static partial Regex NotOneNumber();

    [GeneratedRegex(@"\G(\d{1,9}):(\d{1,9})(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Ratio();

    [GeneratedRegex(@"\G(\d{1,9})(?: and | |-)(\d{1,9})/(\d{1,9})(?!\d|\.\d|\s*/)", RegexOptions.CultureInvariant)]
    private static partial Regex Mixed();

    [GeneratedRegex(@"\G(\d{1,9}) and (?:a |one[ -])(half|quarter)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MixedHalf();

    [GeneratedRegex(@"\G\d{1,3}(?:(?:,\d{3})+|('\d{3})+|(_\d{3})+|(,\d{2})+,\d{3})(?![\d]|,\d{1,2}(?!\d))(\.\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"\G(\d+(\.\d+)?|\.\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    [GeneratedRegex(@"\G(?:[eE]|\s*[x×*·⋅]\s*10\s*\^\s*)([-+]?\d{1,9})(?![\w.]\w)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Exponent();

    [GeneratedRegex(@"\G\s?/\s?(\d+(?:\.\d+)?)(?!\d|\s*/\s*\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Denominator();

    [GeneratedRegex(@"\G(\s?%|\s?per\s?cent\b|\s?percentage\b)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Percent();

    [GeneratedRegex(@"\G(?:\s|-)?(hundred|thousand|million|billion|trillion)s?\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Scale();

    // $5k, $1.5M, $2bn; without a currency sign only k, K and M, for 5m are metres and 5B is a name.
    [GeneratedRegex(@"\G\s?(?:mn|mio|bn|tn|[kKmMbBT])(?![A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex ShortScale();

    // The full stop belongs to "p.m." where the sentence goes on; where it may end the sentence it is left.
    [GeneratedRegex(@"\G\s?([ap])(?:m\b|\.\s?m\b(?:\.(?=\s+[a-z]|\s*[,;:)]))?)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Meridiem();

    [GeneratedRegex(@"\G\d+(?:[.,]\d+)*,\d+(?:[.,]\d+)*", RegexOptions.CultureInvariant)]
    private static partial Regex CommaRun();

    [GeneratedRegex(@"^\d(?:,\d){2,}$", RegexOptions.CultureInvariant)]
    private static partial Regex DigitList();

    [GeneratedRegex(@"^[-+]?\p{Sc}?[-+]?\d{1,3}(?:(?:,\d{3})+|(?:,\d{2})+,\d{3})(?:\.\d+)?\p{Sc}?$", RegexOptions.CultureInvariant)]
    private static partial Regex WholeGrouped();

    [GeneratedRegex(@"\G\s?dozens?\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Dozen();

    [GeneratedRegex(@"\G(st|nd|rd|th)(?![A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Ordinal();
}

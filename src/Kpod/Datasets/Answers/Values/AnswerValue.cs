using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Kpod.Datasets.Answers.Values;

/// <summary>A number as written in an answer: an exact rational, a percentage, or two numbers with a colon between (a ratio or a time of day).</summary>
internal sealed record AnswerValue
{
    // Longer digit strings and exponents are no answers; the limit keeps arithmetic on hostile text cheap.
    private const int MaximumDigits = 400;

    private AnswerValue(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        var sign = denominator.Sign;
        Numerator = sign * numerator / divisor;
        Denominator = sign * denominator / divisor;
    }

    /// <summary>Numerator in lowest terms; it carries the sign.</summary>
    public BigInteger Numerator { get; private init; }

    /// <summary>Denominator in lowest terms, positive.</summary>
    public BigInteger Denominator { get; private init; }

    /// <summary>Whether a percent sign stands behind the number; the value is then the number before the sign.</summary>
    public bool IsPercent { get; private init; }

    /// <summary>The two parts of a ratio or time; null for a plain number.</summary>
    public (int First, int Second, int SecondDigits)? Parts { get; private init; }

    /// <summary>Whether a time of day is in the afternoon; null where that is not said, or it is no time.</summary>
    public bool? IsAfternoon { get; private init; }

    /// <summary>Whether the number is whole.</summary>
    public bool IsInteger => Denominator.IsOne && Parts is null;

    /// <summary>A whole number.</summary>
    public static AnswerValue Of(BigInteger value) => new(value, BigInteger.One);

    /// <summary>A quotient; null where the denominator is zero.</summary>
    public static AnswerValue? Quotient(AnswerValue numerator, AnswerValue denominator) => denominator.Numerator.IsZero
        ? null
        : new(numerator.Numerator * denominator.Denominator, numerator.Denominator * denominator.Numerator);

    /// <summary>A ratio or time.</summary>
    public static AnswerValue? Pair(string first, string second) =>
        int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
            ? new AnswerValue(left, right == 0 ? BigInteger.One : right) { Parts = (left, right, second.Length) }
            : null;

    /// <summary>Reads digits with at most one decimal point, such as <c>12</c>, <c>.5</c> or <c>3.50</c>.</summary>
    public static AnswerValue? Decimal(ReadOnlySpan<char> digits)
    {
        if (digits.Length > MaximumDigits)
        {
            return null;
        }

        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        var all = string.Concat(whole, fraction);
        return BigInteger.TryParse(all, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new AnswerValue(value, BigInteger.Pow(10, fraction.Length))
            : null;
    }

    /// <summary>Reads an answer that is one number and nothing else, but for currency signs and a full stop.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AnswerValue? value)
    {
        var tokens = AnswerLexer.Read(AnswerText.Clean(text));
        var last = tokens.Count > 0 && tokens[^1].Kind == AnswerTokenKind.Stop ? tokens.Count - 1 : tokens.Count;
        value = last == 1 ? tokens[0].Value : null;
        return value is not null;
    }

    /// <summary>The number with its sign turned.</summary>
    public AnswerValue Negate() => this with { Numerator = -Numerator };

    /// <summary>The number as a percentage.</summary>
    public AnswerValue AsPercent() => this with { IsPercent = true };

    /// <summary>The number as a time of day with am or pm behind it.</summary>
    /// <param name="isAfternoon">Whether it is pm.</param>
    /// <returns>The time; null where the number is no hour and no time of twelve hours.</returns>
    public AnswerValue? AtClock(bool isAfternoon)
    {
        if (Parts is { } time)
        {
            return time is { First: >= 0 and <= 12, Second: >= 0 and < 60, SecondDigits: 2 } ? this with { IsAfternoon = isAfternoon } : null;
        }

        return IsInteger && !IsPercent && Numerator > 0 && Numerator <= 12 ? this with { IsAfternoon = isAfternoon } : null;
    }

    /// <summary>The sum of two plain numbers.</summary>
    public AnswerValue Plus(AnswerValue other) =>
        new((Numerator * other.Denominator) + (other.Numerator * Denominator), Denominator * other.Denominator);

    /// <summary>The product of two plain numbers.</summary>
    public AnswerValue Times(AnswerValue other) => new(Numerator * other.Numerator, Denominator * other.Denominator);

    /// <summary>The number times a power of ten; null where the power is beyond any answer.</summary>
    public AnswerValue? TimesPowerOfTen(int exponent) => Math.Abs((long)exponent) > MaximumDigits
        ? null
        : exponent >= 0
            ? new(Numerator * BigInteger.Pow(10, exponent), Denominator)
            : new(Numerator, Denominator * BigInteger.Pow(10, -exponent));

    /// <summary>Whether two answers are the same, exactly: n% is n and n/100, a ratio is its fraction, and two times of day are compared by the clock.</summary>
    public bool SameAs(AnswerValue other)
    {
        if (IsAfternoon is { } late && other.IsAfternoon is { } otherLate && late != otherLate)
        {
            return false;
        }

        if (Clock(other) is { } left && other.Clock(this) is { } right)
        {
            return left == right;
        }

        return SameNumber(this, other)
            || (IsPercent && !other.IsPercent && SameNumber(TimesPowerOfTen(-2)!, other))
            || (other.IsPercent && !IsPercent && SameNumber(this, other.TimesPowerOfTen(-2)!));
    }

    /// <summary>The plain form: no separators, no trailing zeros, <c>a/b</c> where the decimals do not end.</summary>
    public override string ToString()
    {
        if (Parts is { } parts)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{parts.First}:{parts.Second.ToString(CultureInfo.InvariantCulture).PadLeft(parts.SecondDigits, '0')}");
        }

        return (TerminatingDecimal() ?? $"{Numerator}/{Denominator}") + (IsPercent ? "%" : string.Empty);
    }

    // Beside a time of day with am or pm, a whole number is an hour.
    private (int Hour, int Minute)? Clock(AnswerValue beside) => Parts is { SecondDigits: 2 } parts ? (parts.First, parts.Second)
        : Parts is null && IsInteger && Numerator > 0 && Numerator <= 12 && (IsAfternoon ?? beside.IsAfternoon) is not null && beside.Parts is { SecondDigits: 2 } ? ((int)Numerator, 0)
        : null;

    private static bool SameNumber(AnswerValue left, AnswerValue right) =>
        left.Numerator == right.Numerator && left.Denominator == right.Denominator;

    private string? TerminatingDecimal()
    {
        if (!RemoveTwosAndFives(Denominator).IsOne)
        {
            return null;
        }

        var places = 0;
        var scaled = Numerator;
        while (!(scaled % Denominator).IsZero)
        {
            scaled *= 10;
            places++;
        }

        var digits = BigInteger.Abs(scaled / Denominator).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return (Numerator.Sign < 0 ? "-" : string.Empty) + (places == 0 ? digits : $"{digits[..^places]}.{digits[^places..]}");
    }

    private static BigInteger RemoveTwosAndFives(BigInteger value)
    {
        foreach (var prime in new[] { 2, 5 })
        {
            while ((value % prime).IsZero)
            {
                value /= prime;
            }
        }

        return value;
    }
}

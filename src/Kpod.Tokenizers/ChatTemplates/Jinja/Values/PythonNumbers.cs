using System.Globalization;
using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>Python's numbers: whole ones of any size, floats, and true and false as 1 and 0.</summary>
internal static class PythonNumbers
{
    // Python turns no longer whole number into digits.
    private const int LongestDigits = 4300;

    // Enough for 2 ** 16384; more than that is an attack.
    private const long MostBits = 1 << 16;

    /// <summary>Whether a value is a number.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True for numbers, true and false.</returns>
    public static bool IsNumber(object? value) => value is bool or BigInteger or double;

    /// <summary>Whether a value is a whole number.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True for whole numbers, true and false.</returns>
    public static bool IsInteger(object? value) => value is bool or BigInteger;

    /// <summary>A whole number's value.</summary>
    /// <param name="value">A whole number, true or false.</param>
    /// <returns>The number.</returns>
    /// <exception cref="TemplateFault">It is something else.</exception>
    public static BigInteger ToInteger(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        BigInteger whole => whole,
        Undefined undefined => throw undefined.Fault(),
        _ => throw TemplateFault.Type($"'{TypeNames.Of(value)}' object cannot be interpreted as an integer"),
    };

    /// <summary>A whole number that must fit into 32 bits; what does not is cut to the nearest that does.</summary>
    /// <param name="value">A whole number, true or false.</param>
    /// <returns>The number.</returns>
    public static int ToInt32(object? value) => (int)BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, ToInteger(value)));

    /// <summary>A number as a float.</summary>
    /// <param name="value">A number.</param>
    /// <returns>The float.</returns>
    public static double ToDouble(object? value) => value is double real ? real : Divide(ToInteger(value), BigInteger.One);

    /// <summary>Arithmetic.</summary>
    /// <param name="symbol">The operator.</param>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TemplateFault">Division by zero, or the result is too large.</exception>
    public static object Compute(string symbol, object? left, object? right)
    {
        if (IsInteger(left) && IsInteger(right))
        {
            return Compute(symbol, ToInteger(left), ToInteger(right));
        }

        var (a, b) = (ToDouble(left), ToDouble(right));
        return symbol switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => b == 0 ? throw ZeroDivision("float division by zero") : a / b,
            "//" => b == 0 ? throw ZeroDivision("float floor division by zero") : FloorQuotient(a, b),
            "%" => b == 0 ? throw ZeroDivision("float modulo") : FloorRemainder(a, b),
            _ => Power(a, b),
        };
    }

    /// <summary>A number's digits as Python prints them.</summary>
    /// <param name="value">A number that is not true or false.</param>
    /// <returns>The digits.</returns>
    public static string Print(object value) => value is BigInteger whole ? Print(whole) : Print((double)value);

    /// <summary>Reads a float as Python's <c>float()</c> does.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The float, or null where it is none.</returns>
    public static double? ParseDouble(string text)
    {
        var trimmed = PythonText.Trim(text);
        var lower = trimmed.TrimStart('+', '-').ToLowerInvariant();
        if (lower is "inf" or "infinity" or "nan" && trimmed.Length - lower.Length <= 1)
        {
            return lower == "nan" ? double.NaN : trimmed.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
        }

        return HasSoundUnderscores(trimmed) && !trimmed.Any(char.IsWhiteSpace)
            && double.TryParse(trimmed.Replace("_", string.Empty, StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && char.IsAsciiDigit(lower.FirstOrDefault(unit => unit != '.')) ? real : null;
    }

    /// <summary>Reads a whole number as Python's <c>int()</c> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="numberBase">Its base, 2 to 36, or 0 for what its prefix says.</param>
    /// <returns>The number, or null where it is none.</returns>
    public static BigInteger? ParseInteger(string text, int numberBase = 10)
    {
        var digits = PythonText.Trim(text);
        var isNegative = digits.StartsWith('-');
        digits = isNegative || digits.StartsWith('+') ? digits[1..] : digits;
        var prefix = digits.Length > 2 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefix != 0 && (numberBase == prefix || numberBase == 0))
        {
            (digits, numberBase) = (digits[2..], prefix);
        }

        numberBase = numberBase == 0 ? 10 : numberBase;
        if (digits.Length is 0 or > LongestDigits || !HasSoundUnderscores(digits))
        {
            return null;
        }

        var sum = BigInteger.Zero;
        foreach (var unit in digits.Where(unit => unit != '_'))
        {
            var digit = char.IsDigit(unit) ? (int)char.GetNumericValue(unit) : char.IsAsciiLetter(unit) ? char.ToLowerInvariant(unit) - 'a' + 10 : numberBase;
            if (digit >= numberBase)
            {
                return null;
            }

            sum = (sum * numberBase) + digit;
        }

        return isNegative ? -sum : sum;
    }

    private static bool HasSoundUnderscores(string text) =>
        !text.StartsWith('_') && !text.EndsWith('_') && !text.Contains("__", StringComparison.Ordinal);

    private static object Compute(string symbol, BigInteger left, BigInteger right)
    {
        RenderBudget.Spend((left.GetBitLength() + right.GetBitLength()) / 8);
        switch (symbol)
        {
            case "+":
                return Bounded(left + right);
            case "-":
                return Bounded(left - right);
            case "*":
                return Bounded(left * right);
            case "/":
                return right.IsZero ? throw ZeroDivision("division by zero") : Divide(left, right);
            case "//" or "%" when right.IsZero:
                throw ZeroDivision(symbol == "%" ? "integer modulo by zero" : "integer division or modulo by zero");
            case "//" or "%":
                var quotient = BigInteger.DivRem(left, right, out var remainder);
                var isBelow = !remainder.IsZero && (remainder.Sign < 0) != (right.Sign < 0);
                return symbol == "%" ? (isBelow ? remainder + right : remainder) : (isBelow ? quotient - 1 : quotient);
            default:
                return Power(left, right);
        }
    }

    // The nearest float: 55 to 56 bits of the quotient, the last one set where anything is cut off, so that the conversion rounds right.
    private static double Divide(BigInteger left, BigInteger right)
    {
        if (left.IsZero)
        {
            return 0;
        }

        var (size, divisor) = (BigInteger.Abs(left), BigInteger.Abs(right));
        var shift = 55 + (int)divisor.GetBitLength() - (int)size.GetBitLength();
        var (shifted, by) = shift >= 0 ? (size << shift, divisor) : (size, divisor << -shift);
        var quotient = (ulong)BigInteger.DivRem(shifted, by, out var remainder) | (remainder.IsZero ? 0UL : 1UL);
        var result = Math.ScaleB((double)quotient, -shift);
        return double.IsInfinity(result) ? throw new TemplateFault("OverflowError", "int too large to convert to float")
            : left.Sign == right.Sign ? result : -result;
    }

    private static object Power(BigInteger number, BigInteger exponent)
    {
        if (exponent.Sign < 0)
        {
            return Power((double)number, (double)exponent);
        }

        if (number.IsZero || number.IsOne || number == BigInteger.MinusOne)
        {
            return exponent.IsZero ? BigInteger.One : number == BigInteger.MinusOne && exponent.IsEven ? BigInteger.One : number;
        }

        return exponent * number.GetBitLength() <= MostBits ? BigInteger.Pow(number, (int)exponent) : throw TooLarge();
    }

    private static double Power(double number, double exponent)
    {
        if (number == 0 && exponent < 0)
        {
            throw ZeroDivision("0.0 cannot be raised to a negative power");
        }

        var power = Math.Pow(number, exponent);
        return double.IsNaN(power) && !double.IsNaN(number) && !double.IsNaN(exponent) ? throw TemplateFault.NotImplemented("a power that is a complex number")
            : double.IsInfinity(power) && double.IsFinite(number) && double.IsFinite(exponent) ? throw new TemplateFault("OverflowError", "Numerical result out of range")
            : power;
    }

    private static double FloorRemainder(double a, double b)
    {
        var remainder = a % b;
        return remainder == 0 ? Math.CopySign(0, b) : (remainder < 0) != (b < 0) ? remainder + b : remainder;
    }

    private static double FloorQuotient(double a, double b)
    {
        var quotient = (a - FloorRemainder(a, b)) / b;
        var floor = Math.Floor(quotient);
        return quotient == 0 ? Math.CopySign(0, a / b) : quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static BigInteger Bounded(BigInteger number) => number.GetBitLength() <= MostBits ? number : throw TooLarge();

    private static TemplateFault TooLarge() => new(TemplateFault.Limit, $"a whole number of more than {MostBits} bits");

    private static TemplateFault ZeroDivision(string message) => new("ZeroDivisionError", message);

    private static string Print(BigInteger whole)
    {
        var digits = whole.ToString(CultureInfo.InvariantCulture);
        return digits.Length <= LongestDigits ? digits : throw TemplateFault.Value($"Exceeds the limit ({LongestDigits} digits) for integer string conversion");
    }

    // The shortest digits that read back as the same float; with an exponent below 1e-4 and from 1e16 on.
    private static string Print(double real)
    {
        if (!double.IsFinite(real))
        {
            return double.IsNaN(real) ? "nan" : real < 0 ? "-inf" : "inf";
        }

        var shortest = real.ToString("R", CultureInfo.InvariantCulture);
        var sign = shortest.StartsWith('-') ? "-" : string.Empty;
        var parts = shortest.TrimStart('-').Split('E');
        var digits = parts[0].Replace(".", string.Empty, StringComparison.Ordinal);
        var point = parts[0].IndexOf('.', StringComparison.Ordinal) is >= 0 and var place ? place : digits.Length;
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        if (digits.Length == 0)
        {
            return sign + "0.0";
        }

        var exponent = point - leading - 1 + (parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0);
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : string.Empty;
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        return exponent < 0 ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length <= exponent + 1 ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}

using System.Globalization;
using System.Numerics;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Text;

/// <summary>Rounds floats as Python does: by their exact value, ties to the even digit.</summary>
internal static class ExactRounding
{
    /// <summary>The decimal digits of a float.</summary>
    /// <param name="size">The float, not negative.</param>
    /// <param name="decimals">Digits behind the point, not negative.</param>
    /// <returns>The digits.</returns>
    public static string ToDigits(double size, int decimals)
    {
        if (!double.IsFinite(size))
        {
            return double.IsNaN(size) ? "nan" : "inf";
        }

        var digits = Scale(size, decimals).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>Rounds a float.</summary>
    /// <param name="value">The float.</param>
    /// <param name="decimals">Digits behind the point; below 0 in front of it.</param>
    /// <returns>The nearest float.</returns>
    public static double Round(double value, int decimals)
    {
        // No float has more digits behind the point, and none is as large.
        if (!double.IsFinite(value) || decimals > 350)
        {
            return value;
        }

        if (decimals < -310)
        {
            return Math.CopySign(0, value);
        }

        var scaled = Scale(Math.Abs(value), decimals);
        var text = string.Create(CultureInfo.InvariantCulture, $"{scaled}E{-decimals}");
        return Math.CopySign(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value);
    }

    // The whole number nearest to size · 10^decimals.
    private static BigInteger Scale(double size, int decimals)
    {
        var bits = BitConverter.DoubleToInt64Bits(size);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = new BigInteger(bits & 0xFFFFFFFFFFFFF) + (exponent == 0 ? 0 : 1L << 52);
        exponent = Math.Max(exponent, 1) - 1075;
        var (numerator, denominator) = exponent < 0 ? (mantissa, BigInteger.One << -exponent) : (mantissa << exponent, BigInteger.One);
        var power = BigInteger.Pow(10, Math.Abs(decimals));
        (numerator, denominator) = decimals < 0 ? (numerator, denominator * power) : (numerator * power, denominator);
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var half = (remainder * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}

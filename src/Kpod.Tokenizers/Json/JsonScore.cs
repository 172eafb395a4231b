using System.Globalization;

namespace Kpod.Tokenizers.Json;

/// <summary>
/// Reads the scores of a Unigram vocabulary as the reference does: all digits as one whole number, then one division by a power of ten.
/// From 17 digits on that can be one unit in the last place off the nearest double, and such a unit decides which of two nearly equal spellings wins.
/// </summary>
internal static class JsonScore
{
    private const int LargestPower = 308;
    private static readonly double[] Powers =
        [.. Enumerable.Range(0, LargestPower + 1).Select(power => double.Parse($"1e{power}", CultureInfo.InvariantCulture))];

    /// <summary>Reads a number.</summary>
    /// <param name="text">A number as JSON spells it.</param>
    /// <returns>Its value; infinite where it is too large.</returns>
    public static double Parse(ReadOnlySpan<char> text)
    {
        var isNegative = text[0] == '-';
        var digits = 0UL;
        var exponent = 0;
        var isFraction = false;
        var isFull = false; // further digits no longer count
        var i = isNegative ? 1 : 0;
        for (; i < text.Length && text[i] is not ('e' or 'E'); i++)
        {
            if (text[i] == '.')
            {
                isFraction = true;
                continue;
            }

            var digit = (ulong)(text[i] - '0');
            isFull |= digits > (ulong.MaxValue - digit) / 10;
            digits = isFull ? digits : (digits * 10) + digit;
            exponent += isFull ? (isFraction ? 0 : 1) : (isFraction ? -1 : 0);
        }

        if (i < text.Length)
        {
            var stated = int.TryParse(text[(i + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
                : text[i + 1] == '-' ? -1_000_000 : 1_000_000;
            exponent += Math.Clamp(stated, -1_000_000, 1_000_000);
        }

        var size = Scale(digits, exponent);
        return isNegative ? -size : size;
    }

    private static double Scale(double value, int exponent)
    {
        for (; exponent < -LargestPower && value != 0; exponent += LargestPower)
        {
            value /= Powers[LargestPower];
        }

        return value == 0 ? 0
            : exponent > LargestPower ? double.PositiveInfinity
            : exponent >= 0 ? value * Powers[exponent]
            : value / Powers[-exponent];
    }
}

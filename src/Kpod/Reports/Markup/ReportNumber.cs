using System.Globalization;

namespace Kpod.Reports.Markup;

/// <summary>Numbers as text, the same in every culture.</summary>
internal static class ReportNumber
{
    /// <summary>A count, with commas between thousands.</summary>
    /// <param name="value">The count.</param>
    /// <returns>Such as <c>12,345</c>.</returns>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with what is counted.</summary>
    /// <param name="value">The count.</param>
    /// <param name="thing">One of them; its plural has an s.</param>
    /// <returns>Such as <c>1 stage</c> or <c>10 stages</c>.</returns>
    public static string Count(long value, string thing) => Count(value) + " " + thing + (value == 1 ? string.Empty : "s");

    /// <summary>A share of 1 in percent, one digit after the point.</summary>
    /// <param name="share">The share.</param>
    /// <returns>Such as <c>10.7 %</c>.</returns>
    public static string Percent(double share) => Fixed(100 * share, 1) + " %";

    /// <summary>A number with a fixed count of digits after the point.</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">Digits after the point.</param>
    /// <returns>Such as <c>0.973</c>; never <c>-0</c>.</returns>
    public static string Fixed(double value, int digits)
    {
        if (!double.IsFinite(value))
        {
            return NotFinite(value);
        }

        var text = value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAnyInRange('1', '9') ? text : text.TrimStart('-');
    }

    /// <summary>A number with at most this many significant digits; small and large ones with an exponent.</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">Significant digits.</param>
    /// <returns>Such as <c>0.0123</c>, <c>5e-4</c> or <c>12,300</c>.</returns>
    public static string Significant(double value, int digits = 3)
    {
        if (!double.IsFinite(value))
        {
            return NotFinite(value);
        }

        var size = Math.Abs(value);
        if (size is > 0 and < 1e-3 or >= 1e7)
        {
            var parts = value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Split('E');
            var mantissa = parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].TrimEnd('0').TrimEnd('.') : parts[0];
            return $"{mantissa}e{int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)}";
        }

        var after = size == 0 ? 0 : Math.Max(0, digits - 1 - (int)Math.Floor(Math.Log10(size)));
        return value.ToString("#,0." + new string('#', after), CultureInfo.InvariantCulture);
    }

    /// <summary>A number of a column whose greatest is to have four significant digits, so that the column's points stand under one another.</summary>
    /// <param name="value">The number.</param>
    /// <param name="greatest">The greatest of the column.</param>
    /// <returns>Such as <c>113.0</c> where the greatest is 160.9.</returns>
    public static string InColumn(double value, double greatest)
    {
        if (!double.IsFinite(value))
        {
            return NotFinite(value);
        }

        var size = Math.Abs(greatest);
        var digits = double.IsFinite(size) && size > 0 ? Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 6) : 3;
        return value.ToString("#,0" + (digits == 0 ? string.Empty : "." + new string('0', digits)), CultureInfo.InvariantCulture);
    }

    /// <summary>A duration in the units one would say it in.</summary>
    /// <param name="seconds">Seconds.</param>
    /// <returns>Such as <c>0.42 s</c>, <c>12.3 s</c>, <c>4 min 32 s</c>, <c>1 h 03 min</c>.</returns>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
        {
            return "unknown";
        }

        var whole = (long)Math.Round(seconds);
        return seconds switch
        {
            < 1 => Fixed(seconds, 2) + " s",
            < 59.95 => Fixed(seconds, 1) + " s",
            _ when whole < 3600 => string.Create(CultureInfo.InvariantCulture, $"{whole / 60} min {whole % 60:00} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{whole / 3600:#,0} h {whole % 3600 / 60:00} min"),
        };
    }

    /// <summary>A place in a drawing, in units of its view box.</summary>
    /// <param name="value">The place.</param>
    /// <returns>At most one digit after the point.</returns>
    public static string Coordinate(double value)
    {
        var text = value.ToString("0.#", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    private static string NotFinite(double value) => double.IsNaN(value) ? "not a number" : value > 0 ? "infinite" : "minus infinite";
}

using System.Globalization;
using Kpod.Reports.Markup;

namespace Kpod.Reports.Charts;

/// <summary>One axis of a chart: label with unit, range and ticks.</summary>
/// <param name="Label">What it measures, with unit.</param>
/// <param name="Low">Value at its start.</param>
/// <param name="High">Value at its end, above <paramref name="Low"/>.</param>
/// <param name="Ticks">The labelled places.</param>
/// <param name="IsCategorical">Whether the ticks name things instead of values.</param>
internal sealed record ChartAxis(string Label, double Low, double High, IReadOnlyList<AxisTick> Ticks, bool IsCategorical = false)
{
    private const int MostCategoryLabels = 14;

    /// <summary>An axis of numbers whose range is widened to round values.</summary>
    /// <param name="label">What it measures, with unit.</param>
    /// <param name="low">Least value; taken as 0 where it is not finite.</param>
    /// <param name="high">Greatest value; taken as <paramref name="low"/> where it is not finite.</param>
    /// <param name="targetTicks">About how many ticks.</param>
    /// <returns>The axis.</returns>
    public static ChartAxis OfNumbers(string label, double low, double high, int targetTicks = 5)
    {
        (low, high) = Widen(low, high);
        var step = NiceStep((high - low) / targetTicks);
        return OfSteps(label, Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, step);
    }

    /// <summary>An axis of numbers that ends exactly where it is told to, such as 0 to 1.</summary>
    /// <param name="label">What it measures, with unit.</param>
    /// <param name="low">Value at its start.</param>
    /// <param name="high">Value at its end.</param>
    /// <param name="targetTicks">About how many ticks.</param>
    /// <returns>The axis.</returns>
    public static ChartAxis OfRange(string label, double low, double high, int targetTicks = 5)
    {
        (low, high) = Widen(low, high);
        return OfSteps(label, low, high, NiceStep((high - low) / targetTicks));
    }

    /// <summary>An axis of whole numbers, such as stages or optimizer steps, that ends exactly at the least and the greatest.</summary>
    /// <param name="label">What it counts.</param>
    /// <param name="low">The least.</param>
    /// <param name="high">The greatest.</param>
    /// <param name="targetTicks">About how many ticks.</param>
    /// <returns>The axis.</returns>
    public static ChartAxis OfWholeNumbers(string label, double low, double high, int targetTicks = 7)
    {
        (low, high) = Widen(low, high);
        return OfSteps(label, low, high, Math.Max(1, NiceStep((high - low) / targetTicks)));
    }

    /// <summary>An axis of named things, one unit apart, the first at 0.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="names">Their names; where they are many, only some are written.</param>
    /// <returns>The axis, half a unit longer than the things at both ends.</returns>
    public static ChartAxis OfCategories(string label, IReadOnlyList<string> names)
    {
        var every = (names.Count + MostCategoryLabels - 1) / MostCategoryLabels;
        var ticks = names.Select((name, index) => new AxisTick(index, name)).Where((_, index) => index % Math.Max(1, every) == 0);
        return new ChartAxis(label, -0.5, Math.Max(1, names.Count) - 0.5, [.. ticks], IsCategorical: true);
    }

    /// <summary>An axis of named rows, the first on top, each with its name.</summary>
    /// <param name="names">Their names.</param>
    /// <returns>The axis.</returns>
    public static ChartAxis OfRows(IReadOnlyList<string> names) =>
        new(string.Empty, -0.5, Math.Max(1, names.Count) - 0.5, [.. names.Select((name, index) => new AxisTick(index, name))], IsCategorical: true);

    private static ChartAxis OfSteps(string label, double low, double high, double step)
    {
        var slack = step * 1e-9;
        var first = (long)Math.Ceiling((low - slack) / step);
        var last = (long)Math.Floor((high + slack) / step);
        var ticks = new List<AxisTick>();
        for (var index = first; index <= last; index++)
        {
            ticks.Add(new AxisTick(index * step, TickLabel(index, step, Math.Max(Math.Abs(low), Math.Abs(high)))));
        }

        return new ChartAxis(label, low, high, ticks);
    }

    private static string TickLabel(long index, double step, double greatest)
    {
        if (greatest is < 2e-3 or >= 1e7)
        {
            return index == 0 ? "0" : ReportNumber.Significant(index * step, 3);
        }

        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        var value = index * step;
        return decimals == 0 ? Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture) : ReportNumber.Fixed(value, decimals);
    }

    private static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
        {
            <= 1 + 1e-9 => power,
            <= 2 + 1e-9 => 2 * power,
            <= 5 + 1e-9 => 5 * power,
            _ => 10 * power,
        };
    }

    // A chart of one value, of none, or of values that went astray still needs an axis.
    private static (double Low, double High) Widen(double low, double high)
    {
        low = double.IsFinite(low) ? low : 0;
        high = double.IsFinite(high) ? high : low;
        if (high < low)
        {
            (low, high) = (high, low);
        }

        if (high - low > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            return (low, high);
        }

        return low == 0 ? (0, 1) : (low - (Math.Abs(low) / 2), high + (Math.Abs(high) / 2));
    }
}

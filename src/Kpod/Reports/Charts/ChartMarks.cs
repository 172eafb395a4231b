using System.Text;
using Kpod.Reports.Markup;

namespace Kpod.Reports.Charts;

/// <summary>
/// The marks of a chart. Colours are classes of the page's style sheet: <c>c1</c> to <c>c8</c> for things that differ in kind, <c>o0</c> to <c>o5</c> for
/// things in an order. Each mark may carry a text that shows when it is pointed at.
/// </summary>
internal static class ChartMarks
{
    private const double MarkerRadius = 4;

    /// <summary>A curve; it breaks where a value is not finite.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="points">Its points in order.</param>
    /// <param name="cssClass">Colour and line style.</param>
    public static void Line(this SvgChart chart, IEnumerable<ChartPoint> points, string cssClass)
    {
        foreach (var run in Runs(points))
        {
            if (run.Count == 1)
            {
                chart.Dot(run[0], $"{cssClass} lone");
                continue;
            }

            chart.Marks.Empty("path", ("class", $"line {cssClass}"), ("d", PathOf(chart, run)));
        }
    }

    /// <summary>The area between two curves with the same places across.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="lower">The lower curve; finite.</param>
    /// <param name="upper">The upper curve; finite.</param>
    /// <param name="cssClass">Colour.</param>
    public static void Band(this SvgChart chart, IReadOnlyList<ChartPoint> lower, IReadOnlyList<ChartPoint> upper, string cssClass)
    {
        if (lower.Count > 1)
        {
            chart.Marks.Empty("path", ("class", $"band {cssClass}"), ("d", PathOf(chart, [.. upper, .. lower.Reverse()]) + "Z"));
        }
    }

    /// <summary>A rectangle between two places on each axis.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="from">One corner.</param>
    /// <param name="to">The corner across.</param>
    /// <param name="cssClass">Colour.</param>
    /// <param name="title">Shows when it is pointed at.</param>
    public static void Bar(this SvgChart chart, ChartPoint from, ChartPoint to, string cssClass, string title)
    {
        var (x1, x2) = Ordered(chart.X.Map(from.X), chart.X.Map(to.X));
        var (y1, y2) = Ordered(chart.Y.Map(from.Y), chart.Y.Map(to.Y));
        if (x2 - x1 < 0.05 || y2 - y1 < 0.05)
        {
            return;
        }

        using var bar = chart.Marks.Open(
            "rect",
            ("class", $"bar {cssClass}"),
            ("x", ReportNumber.Coordinate(x1)),
            ("y", ReportNumber.Coordinate(y1)),
            ("width", ReportNumber.Coordinate(x2 - x1)),
            ("height", ReportNumber.Coordinate(y2 - y1)));
        chart.Marks.Element("title", title);
    }

    /// <summary>Bars on top of one another at one place across.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="x">Where.</param>
    /// <param name="parts">Height, colour and title of each, from the bottom.</param>
    /// <param name="halfWidth">Half of the bar's width, in units of the axis.</param>
    public static void StackedBar(this SvgChart chart, double x, IEnumerable<(double Height, string CssClass, string Title)> parts, double halfWidth = 0.41)
    {
        var bottom = 0.0;
        foreach (var (height, cssClass, title) in parts)
        {
            chart.Bar(new ChartPoint(x - halfWidth, bottom), new ChartPoint(x + halfWidth, bottom + height), cssClass, title);
            bottom += height;
        }
    }

    /// <summary>A round dot.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="at">Where.</param>
    /// <param name="cssClass">Colour; <c>hollow</c> for a ring.</param>
    /// <param name="title">Shows when it is pointed at.</param>
    public static void Dot(this SvgChart chart, ChartPoint at, string cssClass, string? title = null) =>
        chart.Marker(at, 0, cssClass, title);

    /// <summary>A marker whose shape tells its series apart without colour.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="at">Where.</param>
    /// <param name="shape">Number of the series: 0 circle, 1 square, 2 triangle, 3 diamond, and again.</param>
    /// <param name="cssClass">Colour.</param>
    /// <param name="title">Shows when it is pointed at.</param>
    public static void Marker(this SvgChart chart, ChartPoint at, int shape, string cssClass, string? title = null)
    {
        if (!double.IsFinite(at.Y) || !double.IsFinite(at.X))
        {
            return;
        }

        using var marker = chart.Marks.Open("path", ("class", $"dot {cssClass}"), ("d", MarkerPath(chart.X.Map(at.X), chart.Y.Map(at.Y), shape, MarkerRadius)));
        if (title is not null)
        {
            chart.Marks.Element("title", title);
        }
    }

    /// <summary>A thin line from one place to another, such as an interval.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="from">One end.</param>
    /// <param name="to">The other.</param>
    /// <param name="cssClass">Colour and line style.</param>
    public static void Whisker(this SvgChart chart, ChartPoint from, ChartPoint to, string cssClass)
    {
        if (double.IsFinite(from.X) && double.IsFinite(from.Y) && double.IsFinite(to.X) && double.IsFinite(to.Y))
        {
            WriteSegment(chart, $"whisker {cssClass}", chart.X.Map(from.X), chart.Y.Map(from.Y), chart.X.Map(to.X), chart.Y.Map(to.Y));
        }
    }

    /// <summary>A dashed line up the whole chart with a label above it, such as the start of a stage.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="x">Where.</param>
    /// <param name="label">Above the line; empty for none.</param>
    public static void VerticalRule(this SvgChart chart, double x, string label)
    {
        var place = chart.X.Map(x);
        WriteSegment(chart, "rule", place, chart.Y.Start, place, chart.Y.End);
        if (label.Length > 0)
        {
            WriteLabel(chart, label, place + 3, Math.Min(chart.Y.Start, chart.Y.End) - 4, "start");
        }
    }

    /// <summary>A dashed line across the whole chart with a label at its right end, such as a limit.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="y">Where.</param>
    /// <param name="label">At its end, above it.</param>
    public static void HorizontalRule(this SvgChart chart, double y, string label)
    {
        var place = chart.Y.Map(y);
        WriteSegment(chart, "rule", chart.X.Start, place, chart.X.End, place);
        WriteLabel(chart, label, chart.X.End - 2, place - 4, "end");
    }

    /// <summary>A word beside a mark.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="at">Where.</param>
    /// <param name="text">The word.</param>
    public static void Note(this SvgChart chart, ChartPoint at, string text) =>
        WriteLabel(chart, text, chart.X.Map(at.X) + 6, chart.Y.Map(at.Y) + 4, "start");

    /// <summary>The outline of a marker.</summary>
    /// <param name="x">Its centre.</param>
    /// <param name="y">Its centre.</param>
    /// <param name="shape">Number of the series.</param>
    /// <param name="radius">Half of its width.</param>
    /// <returns>A path.</returns>
    public static string MarkerPath(double x, double y, int shape, double radius)
    {
        string C(double value) => ReportNumber.Coordinate(value);
        var r = radius;
        return (shape % 4) switch
        {
            0 => $"M{C(x - r)},{C(y)}a{C(r)},{C(r)} 0 1,0 {C(2 * r)},0a{C(r)},{C(r)} 0 1,0 {C(-2 * r)},0Z",
            1 => $"M{C(x - r)},{C(y - r)}h{C(2 * r)}v{C(2 * r)}h{C(-2 * r)}Z",
            2 => $"M{C(x)},{C(y - r - 0.8)}L{C(x + r + 0.6)},{C(y + r)}H{C(x - r - 0.6)}Z",
            _ => $"M{C(x)},{C(y - r - 1)}L{C(x + r + 1)},{C(y)}L{C(x)},{C(y + r + 1)}L{C(x - r - 1)},{C(y)}Z",
        };
    }

    private static List<List<ChartPoint>> Runs(IEnumerable<ChartPoint> points)
    {
        var runs = new List<List<ChartPoint>>();
        var isOpen = false;
        foreach (var point in points)
        {
            if (!double.IsFinite(point.X) || !double.IsFinite(point.Y))
            {
                isOpen = false;
                continue;
            }

            if (!isOpen)
            {
                runs.Add([]);
                isOpen = true;
            }

            runs[^1].Add(point);
        }

        return runs;
    }

    private static string PathOf(SvgChart chart, List<ChartPoint> points)
    {
        var path = new StringBuilder();
        foreach (var point in points)
        {
            path.Append(path.Length == 0 ? 'M' : 'L').Append(ReportNumber.Coordinate(chart.X.Map(point.X))).Append(',').Append(ReportNumber.Coordinate(chart.Y.Map(point.Y)));
        }

        return path.ToString();
    }

    private static (double Low, double High) Ordered(double one, double other) => one < other ? (one, other) : (other, one);

    private static void WriteSegment(SvgChart chart, string cssClass, double x1, double y1, double x2, double y2) => chart.Marks.Empty(
        "line",
        ("class", cssClass),
        ("x1", ReportNumber.Coordinate(x1)),
        ("y1", ReportNumber.Coordinate(y1)),
        ("x2", ReportNumber.Coordinate(x2)),
        ("y2", ReportNumber.Coordinate(y2)));

    private static void WriteLabel(SvgChart chart, string text, double x, double y, string anchor) => chart.Marks.Element(
        "text",
        text,
        ("class", "note"),
        ("x", ReportNumber.Coordinate(x)),
        ("y", ReportNumber.Coordinate(y)),
        ("text-anchor", anchor));
}

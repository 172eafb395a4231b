using Kpod.Reports.Markup;

namespace Kpod.Reports.Charts;

/// <summary>The frame of a chart (axes, ticks, grid, words for those who do not see it) round the marks that <see cref="ChartMarks"/> puts into it.</summary>
internal sealed class SvgChart
{
    private const double CharacterWidth = 6.6; // a little more than the mean of common sans-serif faces at 12 units
    private const int LongestLabel = 30;

    private readonly ChartText _text;
    private readonly ChartAxis _x;
    private readonly ChartAxis _y;
    private readonly ChartSize _size;
    private readonly double _left;
    private readonly double _right;
    private readonly double _top;
    private readonly double _bottom;

    /// <summary>Makes an empty chart.</summary>
    /// <param name="text">Its words.</param>
    /// <param name="x">The axis across.</param>
    /// <param name="y">The axis up; named things run downwards.</param>
    /// <param name="size">Its view box.</param>
    /// <param name="headroom">Units kept free above the marks, for labels of vertical rules.</param>
    public SvgChart(ChartText text, ChartAxis x, ChartAxis y, ChartSize size, double headroom = 0)
    {
        _text = text;
        _x = x;
        _y = y;
        _size = size;
        _left = y.Ticks.Select(tick => LabelWidth(tick.Label)).Append(12).Max() + 14;
        _right = size.Width - Math.Max(12, x.Ticks.Count == 0 ? 0 : LabelWidth(x.Ticks[^1].Label) / 2);
        _top = (y.Label.Length > 0 ? 26 : 10) + headroom;
        _bottom = size.Height - 44;
        X = new LinearScale(x.Low, x.High, _left, _right);
        Y = y.IsCategorical ? new LinearScale(y.Low, y.High, _top, _bottom) : new LinearScale(y.Low, y.High, _bottom, _top);
    }

    /// <summary>Places across.</summary>
    public LinearScale X { get; }

    /// <summary>Places down.</summary>
    public LinearScale Y { get; }

    /// <summary>Takes the marks.</summary>
    public MarkupWriter Marks { get; } = new();

    /// <summary>Writes the chart.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="cssClass">A class for the drawing, such as the one that shows it on wide screens only.</param>
    public void WriteTo(MarkupWriter writer, string? cssClass = null)
    {
        var id = cssClass is null ? _text.Id : $"{_text.Id}-{cssClass}";
        using var drawing = writer.Open(
            "svg",
            ("class", cssClass is null ? "chart" : $"chart {cssClass}"),
            ("viewBox", $"0 0 {ReportNumber.Coordinate(_size.Width)} {ReportNumber.Coordinate(_size.Height)}"),
            ("role", "img"),
            ("aria-labelledby", $"{id}-t {id}-d"));
        writer.Element("title", _text.Title, ("id", $"{id}-t")).Element("desc", _text.Description, ("id", $"{id}-d")).Line();
        WriteAcross(writer);
        WriteDown(writer);
        using (writer.Line().Open("g", ("class", "marks")))
        {
            writer.Include(Marks);
        }

        writer.Line();
    }

    private static double LabelWidth(string label) => CharacterWidth * Math.Min(LongestLabel, label.Length);

    private static string Shorten(string label) =>
        label.Length <= LongestLabel ? label : string.Concat(label.AsSpan(0, LongestLabel - 1), "…");

    private void WriteAcross(MarkupWriter writer)
    {
        using var group = writer.Open("g", ("class", "axis"));
        WriteSegment(writer, "base", _left, _bottom, _right, _bottom);
        foreach (var tick in _x.Ticks)
        {
            var x = X.Map(tick.Position);
            if (!_x.IsCategorical)
            {
                WriteSegment(writer, _y.IsCategorical ? "grid" : "tick", x, _y.IsCategorical ? _top : _bottom, x, _bottom + 4);
            }

            WriteLabel(writer, Shorten(tick.Label), x, _bottom + 17, "middle");
        }

        WriteLabel(writer, _x.Label, (_left + _right) / 2, _size.Height - 8, "middle", "name");
    }

    private void WriteDown(MarkupWriter writer)
    {
        using var group = writer.Line().Open("g", ("class", "axis"));
        foreach (var tick in _y.Ticks)
        {
            var y = Y.Map(tick.Position);
            if (!_y.IsCategorical)
            {
                WriteSegment(writer, "grid", _left, y, _right, y);
            }

            WriteLabel(writer, Shorten(tick.Label), _left - 8, y + 4, "end");
        }

        if (_y.Label.Length > 0)
        {
            WriteLabel(writer, _y.Label, 0, 12, "start", "name");
        }
    }

    private static void WriteSegment(MarkupWriter writer, string cssClass, double x1, double y1, double x2, double y2) => writer.Empty(
        "line",
        ("class", cssClass),
        ("x1", ReportNumber.Coordinate(x1)),
        ("y1", ReportNumber.Coordinate(y1)),
        ("x2", ReportNumber.Coordinate(x2)),
        ("y2", ReportNumber.Coordinate(y2)));

    private static void WriteLabel(MarkupWriter writer, string label, double x, double y, string anchor, string? cssClass = null) => writer.Element(
        "text",
        label,
        ("class", cssClass),
        ("x", ReportNumber.Coordinate(x)),
        ("y", ReportNumber.Coordinate(y)),
        ("text-anchor", anchor));
}

using Kpod.Reports.Markup;

namespace Kpod.Reports.Charts;

/// <summary>A series of a chart in its legend.</summary>
/// <param name="Label">Its name.</param>
/// <param name="CssClass">Its colour and line style.</param>
/// <param name="Shape">How it is shown.</param>
/// <param name="Marker">Shape of its marker, as in <see cref="ChartMarks.Marker"/>.</param>
internal sealed record LegendEntry(string Label, string CssClass, LegendShape Shape, int Marker = 0)
{
    /// <summary>Writes the entry.</summary>
    /// <param name="writer">Takes it.</param>
    public void WriteTo(MarkupWriter writer)
    {
        using var item = writer.Open("li");
        using (writer.Open("svg", ("class", "swatch"), ("viewBox", "0 0 26 12"), ("aria-hidden", "true")))
        {
            if (Shape == LegendShape.Area)
            {
                writer.Empty("rect", ("class", $"bar {CssClass}"), ("x", "7"), ("y", "0"), ("width", "12"), ("height", "12"));
            }

            if (Shape is LegendShape.Line or LegendShape.LineWithMarker)
            {
                writer.Empty("path", ("class", $"line {CssClass}"), ("d", "M0,6L26,6"));
            }

            if (Shape is LegendShape.Marker or LegendShape.LineWithMarker)
            {
                writer.Empty("path", ("class", $"dot {CssClass}"), ("d", ChartMarks.MarkerPath(13, 6, Marker, 4)));
            }
        }

        writer.Text(Label);
    }
}

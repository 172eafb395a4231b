using Kpod.Reports.Markup;

namespace Kpod.Reports.Charts;

/// <summary>A chart on the page: legend, drawing, caption that says what to see, and its numbers in a table that unfolds.</summary>
internal sealed record ChartFigure
{
    /// <summary>Draws the chart in a given size.</summary>
    public required Func<ChartSize, SvgChart> Draw { get; init; }

    /// <summary>The size.</summary>
    public ChartSize Size { get; init; } = ChartSize.Half;

    /// <summary>Whether it takes the page's whole width; it is then drawn a second time for narrow screens, where it would be too small to read.</summary>
    public bool IsWide { get; init; }

    /// <summary>What the chart shows, in a few words.</summary>
    public required string Heading { get; init; }

    /// <summary>What to see in it.</summary>
    public required string Caption { get; init; }

    /// <summary>The series; empty where the axes say it all.</summary>
    public IReadOnlyList<LegendEntry> Legend { get; init; } = [];

    /// <summary>The numbers that are drawn; null where they stand beside the chart anyway.</summary>
    public ResultTable? Numbers { get; init; }

    /// <summary>Writes the figure.</summary>
    /// <param name="writer">Takes it.</param>
    public void WriteTo(MarkupWriter writer)
    {
        using var figure = writer.Line().Open("figure", ("class", IsWide ? "wide" : null));
        writer.Element("h4", Heading);
        if (Legend.Count > 0)
        {
            using var list = writer.Open("ul", ("class", "legend"));
            foreach (var entry in Legend)
            {
                entry.WriteTo(writer);
            }
        }

        if (IsWide)
        {
            Draw(ChartSize.Whole).WriteTo(writer, "on-wide");
            Draw(ChartSize.Half).WriteTo(writer, "on-narrow");
        }
        else
        {
            Draw(Size).WriteTo(writer);
        }

        writer.Element("figcaption", Caption);
        if (Numbers is not null)
        {
            using var details = writer.Open("details");
            writer.Element("summary", "Numbers");
            Numbers.WriteHtml(writer);
        }
    }
}

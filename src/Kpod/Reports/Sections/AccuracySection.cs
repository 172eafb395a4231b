using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>Accuracies with their intervals.</summary>
internal static class AccuracySection
{
    /// <summary>The section.</summary>
    /// <param name="rows">The accuracies.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(IReadOnlyList<AccuracyRow> rows) => new(
        "accuracy",
        "Accuracy",
        rows.Count == 0 ? "Nothing has been evaluated in this run yet." : null,
        writer => Write(writer, rows));

    private static void Write(MarkupWriter writer, IReadOnlyList<AccuracyRow> rows)
    {
        var groups = rows.GroupBy(row => (row.Name, row.Split)).Select(group => (Label: $"{group.Key.Name}, {group.Key.Split}", Rows: group.ToList())).ToList();
        var extractions = rows.Select(row => row.Extraction).Distinct().ToList();
        using (writer.Open("div", ("class", "figures")))
        {
            new ChartFigure
            {
                IsWide = true,
                Heading = "Share of questions answered correctly",
                Caption = "A mark is the accuracy on the questions asked, the line through it the 95 % interval in which the accuracy on all questions of their kind "
                    + "is to be expected. "
                    + "Where two lines overlap widely, this many questions cannot tell the two models apart.",
                Legend = [.. extractions.Select((extraction, index) => new LegendEntry($"{extraction} reading of the answer", ExtractionClass(index), LegendShape.Marker, index))],
                Draw = size => Draw(size, groups, extractions),
            }.WriteTo(writer);
        }

        using var card = writer.Line().Open("div", ("class", "card below"));
        ResultTable.OfAccuracies(rows).WriteHtml(writer);
        writer.Element("p", "Strict: only an answer in the prompt's own form counts. Flexible: the answer may have any form. Ended: the text ends with the end token; "
            + "cut off: it ran into the length limit.", ("class", "hint"));
    }

    private static SvgChart Draw(ChartSize size, List<(string Label, List<AccuracyRow> Rows)> groups, List<string> extractions)
    {
        var best = groups.SelectMany(group => group.Rows).Max(row => Math.Max(row.High, row.Accuracy));
        var words = string.Join("; ", groups.SelectMany(group => group.Rows.Select(row => $"{group.Label}, {row.Extraction}: {ReportNumber.Percent(row.Accuracy)} "
            + $"({ReportNumber.Fixed(100 * row.Low, 1)} to {ReportNumber.Fixed(100 * row.High, 1)})")));
        var chart = new SvgChart(
            new ChartText("chart-accuracy", "Accuracy with 95 % intervals", words),
            ChartAxis.OfNumbers("accuracy (%)", 0, 100 * best),
            ChartAxis.OfRows([.. groups.Select(group => group.Label)]),
            size with { Height = 64 + (Math.Max(26, 18 * extractions.Count) * groups.Count) });
        for (var index = 0; index < groups.Count; index++)
        {
            foreach (var row in groups[index].Rows)
            {
                var series = extractions.IndexOf(row.Extraction);
                var y = index + ((series - ((extractions.Count - 1) / 2.0)) * 0.34);
                var title = $"{groups[index].Label}, {row.Extraction}: {ReportNumber.Percent(row.Accuracy)}, {row.Correct} of {row.Total}";
                chart.Whisker(new ChartPoint(100 * row.Low, y), new ChartPoint(100 * row.High, y), ExtractionClass(series));
                chart.Marker(new ChartPoint(100 * row.Accuracy, y), series, ExtractionClass(series), title);
            }
        }

        return chart;
    }

    private static string ExtractionClass(int index) => index == 0 ? "c1" : index == 1 ? "c2 hollow" : $"c{(index % 8) + 1}";
}

using Kpod.RationaleGeneration;
using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>Rationales kept, and dropped by reason.</summary>
internal static class RationaleSection
{
    /// <summary>The section.</summary>
    /// <param name="data">The run.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(RunReportData data) => new(
        "rationales",
        "Rationales",
        data.RationaleSummary is null ? "This run has no record of its rationales: the stage is not finished." : null,
        writer => Write(writer, data.RationaleSummary!));

    private static void Write(MarkupWriter writer, RationaleSummary summary)
    {
        var total = summary.Rationales;
        writer.Element(
            "p",
            $"Of {ReportNumber.Count(total)} rationales {ReportNumber.Count(summary.Kept)} are kept "
                + $"({ReportNumber.Percent(total == 0 ? 0 : (double)summary.Kept / total)}); "
            + $"{ReportNumber.Count(summary.Questions - summary.QuestionsWithout)} of {ReportNumber.Count(summary.Questions)} training questions have at least one. "
            + $"{ReportNumber.Count(summary.Correct)} give the gold answer. "
            + $"A kept one has {ReportNumber.Fixed(summary.MeanTokens, 0)} tokens on average, question and answer included.");
        WriteKept(writer, summary);
        if (summary.Quality is { } quality)
        {
            TeacherFiguresPart.Write(writer, quality, summary.Questions);
        }
    }

    private static void WriteKept(MarkupWriter writer, RationaleSummary summary)
    {
        var total = summary.Rationales;
        List<(string Label, int Count, string CssClass)> rows =
        [
            ("kept", summary.Kept, "c3"),
            .. summary.Dropped.Select(dropped => (dropped.Key, dropped.Value, "c2")),
        ];
        var numbers = new ResultTable(new ResultColumn("rationales", false), new ResultColumn("count", true), new ResultColumn("share", true));
        foreach (var (label, count, _) in rows)
        {
            numbers.Add(label, ReportNumber.Count(count), ReportNumber.Percent(total == 0 ? 0 : (double)count / total));
        }

        using var cards = writer.Open("div", ("class", "figures"));
        new ChartFigure
        {
            Heading = "Kept, and dropped by reason",
            Caption = "Only kept rationales are weighed, scheduled and trained on. Many wrong answers among the dropped point to a weak teacher or a prompt "
                + "that does not suit it.",
            Size = ChartSize.OfRows(rows.Count),
            Draw = size => Draw(size, rows),
        }.WriteTo(writer);
        using var card = writer.Line().Open("div", ("class", "card"));
        numbers.WriteHtml(writer);
    }

    private static SvgChart Draw(ChartSize size, List<(string Label, int Count, string CssClass)> rows)
    {
        var chart = new SvgChart(
            new ChartText("chart-rationales", "Rationales kept and dropped", string.Join("; ", rows.Select(row => $"{row.Label}: {row.Count}"))),
            ChartAxis.OfNumbers("rationales", 0, Math.Max(1, rows.Max(row => row.Count))),
            ChartAxis.OfRows([.. rows.Select(row => row.Label)]),
            size);
        for (var index = 0; index < rows.Count; index++)
        {
            var (label, count, cssClass) = rows[index];
            chart.Bar(new ChartPoint(0, index - 0.34), new ChartPoint(count, index + 0.34), cssClass, $"{label}: {ReportNumber.Count(count)}");
        }

        return chart;
    }
}

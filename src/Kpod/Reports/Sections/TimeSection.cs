using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>How long each stage took.</summary>
internal static class TimeSection
{
    /// <summary>The section.</summary>
    /// <param name="data">The run.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(RunReportData data) => new(
        "times",
        "Times",
        data.StageTimes.Count == 0 ? "This run has no record of its times." : null,
        writer => Write(writer, data.StageTimes));

    private static void Write(MarkupWriter writer, IReadOnlyList<StageTime> times)
    {
        var total = times.Sum(time => time.Seconds);
        var numbers = new ResultTable(new ResultColumn("stage", false), new ResultColumn("time", true), new ResultColumn("share", true), new ResultColumn("note", false));
        foreach (var time in times)
        {
            numbers.Add(time.Stage, ReportNumber.Duration(time.Seconds), ReportNumber.Percent(total > 0 ? time.Seconds / total : 0), time.Note ?? string.Empty);
        }

        numbers.Add("all", ReportNumber.Duration(total), ReportNumber.Percent(1), string.Empty);
        using var figures = writer.Open("div", ("class", "figures"));
        new ChartFigure
        {
            Heading = "Wall time by stage",
            Caption = "Work that was taken from an earlier run counts with the time it took there.",
            Size = ChartSize.OfRows(times.Count),
            Draw = size => Draw(size, times),
        }.WriteTo(writer);
        using var card = writer.Line().Open("div", ("class", "card"));
        numbers.WriteHtml(writer);
    }

    private static SvgChart Draw(ChartSize size, IReadOnlyList<StageTime> times)
    {
        var longest = times.Max(time => time.Seconds);
        var (unit, divisor) = TimeUnit.For(longest);
        var chart = new SvgChart(
            new ChartText("chart-times", "Wall time by stage", string.Join("; ", times.Select(time => $"{time.Stage}: {ReportNumber.Duration(time.Seconds)}"))),
            ChartAxis.OfNumbers($"time ({unit})", 0, longest / divisor),
            ChartAxis.OfRows([.. times.Select(time => time.Stage)]),
            size);
        for (var index = 0; index < times.Count; index++)
        {
            chart.Bar(new ChartPoint(0, index - 0.34), new ChartPoint(times[index].Seconds / divisor, index + 0.34), "c1", $"{times[index].Stage}: "
                + $"{ReportNumber.Duration(times[index].Seconds)}");
        }

        return chart;
    }
}

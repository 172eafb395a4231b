using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>Times of several runs, stage by stage.</summary>
internal static class TimeComparisonSection
{
    /// <summary>The section.</summary>
    /// <param name="runs">The runs.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(IReadOnlyList<RunReportData> runs) => new(
        "times",
        "Times",
        runs.All(run => run.StageTimes.Count == 0) ? "None of the runs has a record of its times." : null,
        writer => Write(writer, runs));

    private static void Write(MarkupWriter writer, IReadOnlyList<RunReportData> runs)
    {
        var stages = runs.SelectMany(run => run.StageTimes.Select(time => time.Stage)).Distinct().ToList();
        var table = new ResultTable([new ResultColumn("stage", false), .. runs.Select(run => new ResultColumn(run.Name, true))]);
        foreach (var stage in stages)
        {
            table.Add([stage, .. runs.Select(run => run.StageTimes.FirstOrDefault(time => time.Stage == stage) is { } time ? ReportNumber.Duration(time.Seconds) : "-")]);
        }

        table.Add(["all", .. runs.Select(run => ReportNumber.Duration(run.StageTimes.Sum(time => time.Seconds)))]);
        using var figures = writer.Open("div", ("class", "figures"));
        new ChartFigure
        {
            Heading = "Wall time by run and stage",
            Caption = "Stages that a method does not need take no time. Work that one run took from another counts in both with the time it took.",
            Legend = [.. stages.Select((stage, index) => new LegendEntry(stage, StageClass(index), LegendShape.Area))],
            Size = ChartSize.OfRows(runs.Count),
            Draw = size => Draw(size, runs, stages),
        }.WriteTo(writer);
        using var card = writer.Line().Open("div", ("class", "card"));
        table.WriteHtml(writer);
    }

    private static SvgChart Draw(ChartSize size, IReadOnlyList<RunReportData> runs, List<string> stages)
    {
        var longest = runs.Max(run => run.StageTimes.Sum(time => time.Seconds));
        var (unit, divisor) = TimeUnit.For(longest);
        var chart = new SvgChart(
            new ChartText(
                "chart-times",
                "Wall time by run and stage",
                string.Join("; ", runs.Select(run => $"{run.Name}: {ReportNumber.Duration(run.StageTimes.Sum(time => time.Seconds))} in all"))),
            ChartAxis.OfNumbers($"time ({unit})", 0, longest / divisor),
            ChartAxis.OfRows([.. runs.Select(run => run.Name)]),
            size);
        for (var index = 0; index < runs.Count; index++)
        {
            var start = 0.0;
            foreach (var time in runs[index].StageTimes)
            {
                var end = start + (time.Seconds / divisor);
                chart.Bar(new ChartPoint(start, index - 0.34), new ChartPoint(end, index + 0.34), StageClass(stages.IndexOf(time.Stage)), $"{runs[index].Name}, "
                    + $"{time.Stage}: {ReportNumber.Duration(time.Seconds)}");
                start = end;
            }
        }

        return chart;
    }

    private static string StageClass(int stage) => $"c{(stage % 8) + 1}";
}

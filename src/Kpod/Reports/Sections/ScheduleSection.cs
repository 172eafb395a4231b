using Kpod.ProgressiveSchedule;
using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>The schedule: difficulty allowed and reached, steps given, cluster balance.</summary>
internal static class ScheduleSection
{
    /// <summary>Given steps that have a colour of their own; more share the last.</summary>
    private const int GivenShades = 6;

    private const int MarkedStages = 20;
    private const int ListedStages = 12;

    /// <summary>The section.</summary>
    /// <param name="data">The run.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(RunReportData data) => new(
        "schedule",
        "Schedule",
        data.Schedule is null ? Absence.Of(data, "schedule") : data.Schedule.Stages.Count == 0 ? "The schedule of this run has no stage." : null,
        writer => Write(writer, data.Schedule!));

    private static void Write(MarkupWriter writer, StageSchedule schedule)
    {
        foreach (var warning in schedule.Warnings)
        {
            writer.Element("p", warning, ("class", "callout"));
        }

        writer.Element(
            "p",
            $"Over {ReportNumber.Count(schedule.Stages.Count, "stage")} the student must write ever more of "
                + $"{ReportNumber.Count(schedule.Rationales.Count, "rationale")}. Stage t may ask for a difficulty of D(t) in all (Eq. 10: "
            + $"u = {ReportNumber.Significant(schedule.GrowthRate)}, p = {ReportNumber.Significant(schedule.GrowthPower)}, from C₀ = "
            + $"{ReportNumber.Significant(schedule.InitialDifficulty, 4)} to B = {ReportNumber.Significant(schedule.MaximumDifficulty, 4)} nat); "
            + $"the selection fills it to H(t), with β = {ReportNumber.Significant(schedule.DiversityWeight)} for spreading over clusters of questions (Eq. 12).");
        using var figures = writer.Open("div", ("class", "figures"));
        WriteDifficulty(writer, schedule);
        WriteGivenSteps(writer, schedule);
        WriteClusters(writer, schedule);
        WriteTable(writer, schedule);
    }

    private static void WriteDifficulty(MarkupWriter writer, StageSchedule schedule)
    {
        var last = schedule.Stages[^1];
        var reached = schedule.MaximumDifficulty > 0 ? last.Difficulty / schedule.MaximumDifficulty : 1;
        var rest = reached < 0.9995 ? $" At the last stage H reaches {ReportNumber.Percent(reached)} of B; what is missing is released at once in "
            + $"the stage after it." : string.Empty;
        new ChartFigure
        {
            Heading = "Difficulty allowed and difficulty asked",
            Caption = $"H(t) should run just under D(t): the budget of each stage is used.{rest}",
            Legend = [new LegendEntry("D(t), allowed", "c8 thin dash1", LegendShape.Line), new LegendEntry("H(t), asked", "c1", LegendShape.LineWithMarker)],
            Draw = size =>
            {
                var chart = new SvgChart(
                    new ChartText("chart-schedule", "D(t) against H(t)", string.Join("; ", schedule.Stages.Select(stage => $"stage {stage.Stage}: allowed "
                        + $"{ReportNumber.Significant(stage.Ceiling)}, asked {ReportNumber.Significant(stage.Difficulty)} nat"))),
                    ChartAxis.OfWholeNumbers("stage t", 0, last.Stage),
                    ChartAxis.OfNumbers("difficulty, sum over all rationales (nat)", 0, Math.Max(schedule.MaximumDifficulty, last.Ceiling)),
                    size);
                chart.HorizontalRule(schedule.MaximumDifficulty, string.Empty);
                chart.Note(new ChartPoint(0, schedule.MaximumDifficulty * 0.95), "B, everything");
                chart.Line(schedule.Stages.Select(stage => new ChartPoint(stage.Stage, stage.Difficulty)), "c1");
                chart.Line([new ChartPoint(0, schedule.InitialDifficulty), .. schedule.Stages.Select(stage => new ChartPoint(stage.Stage, stage.Ceiling))], "c8 thin dash1");
                foreach (var stage in EvenSample.Of(schedule.Stages, MarkedStages).Append(last).Distinct())
                {
                    chart.Dot(new ChartPoint(stage.Stage, stage.Difficulty), "c1", $"stage {stage.Stage}: H {ReportNumber.Significant(stage.Difficulty, 4)}, D "
                        + $"{ReportNumber.Significant(stage.Ceiling, 4)} nat");
                }

                return chart;
            },
        }.WriteTo(writer);
    }

    private static void WriteGivenSteps(MarkupWriter writer, StageSchedule schedule)
    {
        List<(string Label, IReadOnlyList<int> Given)> columns = [("0", schedule.InitialGivenSteps), .. schedule.Stages.Select(stage => (ReportNumber.Count(stage.Stage), stage.GivenSteps))];
        var shades = Math.Min(GivenShades, 1 + columns.SelectMany(column => column.Given).DefaultIfEmpty(0).Max());
        new ChartFigure
        {
            Heading = "Steps given as input, stage by stage",
            Caption = "Each bar is all rationales at one stage, by how many of their first steps are given. The part in the strongest shade, none given, is written "
                + "by the student in full; it grows until the last stage. Bar 0 is the state before training.",
            Legend = [.. Enumerable.Range(0, shades).Select(given => new LegendEntry(GivenLabel(given), $"o{given}", LegendShape.Area))],
            Draw = size =>
            {
                var chart = new SvgChart(
                    new ChartText(
                        "chart-given",
                        "Given steps by stage",
                        "Share written in full: " + string.Join("; ", columns.Select(column => $"stage {column.Label}: {ReportNumber.Percent(ShareOf(column.Given, 0))}"))),
                    ChartAxis.OfCategories("stage t", [.. columns.Select(column => column.Label)]),
                    ChartAxis.OfRange("share of the rationales (%)", 0, 100),
                    size);
                for (var index = 0; index < columns.Count; index++)
                {
                    var (label, given) = columns[index];
                    chart.StackedBar(index, Enumerable.Range(0, shades).Select(steps =>
                    {
                        var share = ShareOf(given, steps);
                        return (100 * share, $"o{steps}", $"stage {label}: {GivenLabel(steps)}: {ReportNumber.Percent(share)}");
                    }));
                }

                return chart;
            },
        }.WriteTo(writer);
    }

    private static void WriteClusters(MarkupWriter writer, StageSchedule schedule)
    {
        var clusters = schedule.Stages.Max(stage => stage.SelectedPerCluster.Count);
        var sizes = Enumerable.Range(0, clusters).Select(cluster => schedule.Rationales.Count(rationale => rationale.Cluster == cluster)).ToList();
        var numbers = new ResultTable([new ResultColumn("stage", true), .. sizes.Select((_, cluster) => new ResultColumn($"cluster {cluster + 1}", true))]);
        foreach (var stage in schedule.Stages)
        {
            var counts = sizes.Select((_, cluster) => cluster < stage.SelectedPerCluster.Count ? ReportNumber.Count(stage.SelectedPerCluster[cluster]) : "-");
            numbers.Add([ReportNumber.Count(stage.Stage), .. counts]);
        }

        new ChartFigure
        {
            Numbers = numbers,
            Heading = "Selected rationales by cluster",
            Caption = "How many rationales give up their last given step at each stage, by cluster of their question. A balanced schedule takes from every cluster as "
                + "long as it has something left.",
            Legend = [.. sizes.Select((size, cluster) => new LegendEntry($"cluster {cluster + 1} "
                + $"({ReportNumber.Count(size)})", ClusterClass(cluster), LegendShape.Area))],
            Draw = size =>
            {
                var chart = new SvgChart(
                    new ChartText(
                        "chart-clusters",
                        "Selected rationales by stage and cluster",
                        string.Join("; ", schedule.Stages.Select(stage => $"stage {stage.Stage}: {string.Join(", ", stage.SelectedPerCluster)}"))),
                    ChartAxis.OfCategories("stage t", [.. schedule.Stages.Select(stage => ReportNumber.Count(stage.Stage))]),
                    ChartAxis.OfNumbers("rationales selected", 0, Math.Max(1, schedule.Stages.Max(stage => stage.SelectedPerCluster.Sum()))),
                    size);
                for (var index = 0; index < schedule.Stages.Count; index++)
                {
                    var stage = schedule.Stages[index];
                    chart.StackedBar(index, stage.SelectedPerCluster.Select((count, cluster) => ((double)count, ClusterClass(cluster), $"stage {stage.Stage}, cluster "
                        + $"{cluster + 1}: {ReportNumber.Count(count)}")));
                }

                return chart;
            },
        }.WriteTo(writer);
    }

    private static void WriteTable(MarkupWriter writer, StageSchedule schedule)
    {
        using var figure = writer.Line().Open("figure");
        writer.Element("h4", "The schedule in numbers");
        Table(schedule, [.. EvenSample.Of(schedule.Stages, ListedStages).Append(schedule.Stages[^1]).Distinct()]).WriteHtml(writer);
        writer.Element("figcaption", "D and H in nat. Mean given: steps given as input, averaged over the rationales.");
        if (schedule.Stages.Count > ListedStages)
        {
            using var details = writer.Open("details");
            writer.Element("summary", $"All {ReportNumber.Count(schedule.Stages.Count)} stages");
            Table(schedule, schedule.Stages).WriteHtml(writer);
        }
    }

    private static ResultTable Table(StageSchedule schedule, IReadOnlyList<StagePlan> stages)
    {
        string Nat(double difficulty) => ReportNumber.InColumn(difficulty, schedule.MaximumDifficulty);
        var table = new ResultTable(
            new ResultColumn("stage", true),
            new ResultColumn("D(t)", true),
            new ResultColumn("H(t)", true),
            new ResultColumn("selected", true),
            new ResultColumn("mean given", true),
            new ResultColumn("written in full", true));
        table.Add("0", Nat(schedule.InitialDifficulty), "-", "-", Mean(schedule.InitialGivenSteps), ReportNumber.Percent(ShareOf(schedule.InitialGivenSteps, 0)));
        foreach (var stage in stages)
        {
            table.Add(
                ReportNumber.Count(stage.Stage),
                Nat(stage.Ceiling),
                Nat(stage.Difficulty),
                ReportNumber.Count(stage.Selected.Count),
                Mean(stage.GivenSteps),
                ReportNumber.Percent(ShareOf(stage.GivenSteps, 0)));
        }

        return table;
    }

    private static string Mean(IReadOnlyList<int> given) => given.Count == 0 ? "-" : ReportNumber.Fixed(given.Average(), 2);

    private static string GivenLabel(int given) => given switch
    {
        0 => "none given",
        1 => "1 step",
        GivenShades - 1 => $"{GivenShades - 1} or more",
        _ => $"{given} steps",
    };

    private static double ShareOf(IReadOnlyList<int> given, int steps) =>
        given.Count == 0 ? 0 : (double)given.Count(value => Math.Min(value, GivenShades - 1) == steps) / given.Count;

    private static string ClusterClass(int cluster) => $"c{(cluster % 8) + 1}";
}

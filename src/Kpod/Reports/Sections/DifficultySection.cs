using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;
using Kpod.StepDifficulty;

namespace Kpod.Reports.Sections;

/// <summary>Step difficulties (Eq. 8): their histogram, and how they run along a rationale.</summary>
internal static class DifficultySection
{
    private const int Bins = 24;
    private const int ShownPositions = 12;

    /// <summary>The section.</summary>
    /// <param name="data">The run.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(RunReportData data) => new(
        "difficulty",
        "Step difficulty",
        data.Difficulties is null ? Absence.Of(data, "step difficulties") : data.Difficulties.All(item => item.Steps.Count == 0) ? "No rationale of this run has a step." : null,
        writer => Write(writer, data.Difficulties!));

    private static void Write(MarkupWriter writer, IReadOnlyList<RationaleDifficulty> difficulties)
    {
        var all = difficulties.SelectMany(item => item.Steps).Select(step => step.Difficulty).Where(double.IsFinite).Order().ToList();
        writer.Element(
            "p",
            $"The difficulty of a step is the student's weighted loss on its tokens before distillation, in nat (Eq. 8). The steps of "
                + $"{ReportNumber.Count(difficulties.Count, "rationale")} were assessed: {ReportNumber.Count(all.Count, "step")}, "
            + $"{ReportNumber.Fixed((double)all.Count / difficulties.Count, 1)} on average.");
        if (all.Count == 0)
        {
            return;
        }

        using var figures = writer.Open("div", ("class", "figures"));
        WriteHistogram(writer, all);
        WritePositions(writer, difficulties);
    }

    private static void WriteHistogram(MarkupWriter writer, List<double> sorted)
    {
        // A few steps of extreme difficulty would press all others into the first bins.
        var end = ChartAxis.OfNumbers(string.Empty, 0, Math.Max(1e-6, Quantile.Of(sorted, 0.995))).High;
        var histogram = Histogram.Of(sorted, 0, end, Bins);
        var beyond = sorted.Count(value => value > end);
        var numbers = new ResultTable(new ResultColumn("nat from", true), new ResultColumn("to", true), new ResultColumn("steps", true), new ResultColumn("share", true));
        for (var bin = 0; bin < Bins; bin++)
        {
            numbers.Add(
                ReportNumber.Significant(histogram.StartOf(bin)),
                ReportNumber.Significant(histogram.StartOf(bin + 1)),
                ReportNumber.Count(histogram.Counts[bin]),
                ReportNumber.Percent(histogram.ShareOf(bin)));
        }

        new ChartFigure
        {
            Heading = "Difficulty of all steps",
            Caption = $"Half of the steps lie below {ReportNumber.Fixed(Quantile.Of(sorted, 0.5), 2)} nat. The right tail is what the schedule leaves for last."
                + (beyond == 0 ? string.Empty : $" The last bin also counts {ReportNumber.Count(beyond, "step")} beyond the axis."),
            Numbers = numbers,
            Draw = size => HistogramChart.Draw(
                new ChartText("chart-difficulty", "Histogram of step difficulties", $"{ReportNumber.Count(sorted.Count)} steps from "
                    + $"{ReportNumber.Fixed(sorted[0], 2)} to {ReportNumber.Fixed(sorted[^1], 2)} nat, median {ReportNumber.Fixed(Quantile.Of(sorted, 0.5), 2)}."),
                histogram,
                "difficulty of a step (nat)",
                "steps",
                size),
        }.WriteTo(writer);
    }

    private static void WritePositions(MarkupWriter writer, IReadOnlyList<RationaleDifficulty> difficulties)
    {
        var positions = difficulties
            .SelectMany(item => item.Steps.Select((step, index) => (Position: Math.Min(index, ShownPositions - 1), step.Difficulty)))
            .Where(step => double.IsFinite(step.Difficulty))
            .GroupBy(step => step.Position, step => step.Difficulty)
            .OrderBy(group => group.Key)
            .Select(group => new StepPosition(group.Key == ShownPositions - 1 ? $"{ShownPositions}+" : ReportNumber.Count(group.Key + 1), [.. group.Order()]))
            .ToList();
        var numbers = new ResultTable(
            new ResultColumn("step", false),
            new ResultColumn("steps", true),
            new ResultColumn("lower quartile", true),
            new ResultColumn("median", true),
            new ResultColumn("upper quartile", true));
        foreach (var position in positions)
        {
            numbers.Add(
                position.Label,
                ReportNumber.Count(position.Sorted.Count),
                ReportNumber.Fixed(position.LowerQuartile, 2),
                ReportNumber.Fixed(position.Median, 2),
                ReportNumber.Fixed(position.UpperQuartile, 2));
        }

        new ChartFigure
        {
            Heading = "Difficulty by place in the rationale",
            Caption = "A dot is the median of all steps at that place, the line holds the middle half. Rationales often open with the hardest step (which words does "
                + "the teacher start with?) and get easier as the text determines itself.",
            Numbers = numbers,
            Draw = size => DrawPositions(size, positions),
        }.WriteTo(writer);
    }

    private static SvgChart DrawPositions(ChartSize size, List<StepPosition> positions)
    {
        var chart = new SvgChart(
            new ChartText(
                "chart-positions",
                "Difficulty by place of the step",
                "Medians in nat: " + string.Join("; ", positions.Select(position => $"step {position.Label}: {ReportNumber.Fixed(position.Median, 2)}"))),
            ChartAxis.OfCategories("place of the step in its rationale", [.. positions.Select(position => position.Label)]),
            ChartAxis.OfNumbers("difficulty of a step (nat)", 0, positions.Max(position => position.UpperQuartile)),
            size);
        for (var index = 0; index < positions.Count; index++)
        {
            var position = positions[index];
            chart.Whisker(new ChartPoint(index, position.LowerQuartile), new ChartPoint(index, position.UpperQuartile), "c1");
            chart.Dot(new ChartPoint(index, position.Median), "c1", $"step {position.Label}: median {ReportNumber.Fixed(position.Median, 2)} nat over "
                + $"{ReportNumber.Count(position.Sorted.Count)} steps");
        }

        return chart;
    }

    /// <summary>The difficulties of all steps at one place.</summary>
    private sealed record StepPosition(string Label, IReadOnlyList<double> Sorted)
    {
        public double LowerQuartile => Quantile.Of(Sorted, 0.25);

        public double Median => Quantile.Of(Sorted, 0.5);

        public double UpperQuartile => Quantile.Of(Sorted, 0.75);
    }
}

using Kpod.Distillation.Training;
using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>The loss curves of several runs in one chart, and how many steps each gave as input.</summary>
internal static class LossComparisonSection
{
    private const int DrawnPoints = 160;

    private static readonly string[] Styles = ["c1", "c2 dash1", "c3 dash3", "c4 dash2", "c5", "c6 dash1", "c7 dash3", "c8 dash2"];

    /// <summary>The section.</summary>
    /// <param name="runs">The runs.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(IReadOnlyList<RunReportData> runs)
    {
        var trained = runs.Where(run => run.TrainingLog.Count > 0).ToList();
        return new PageSection(
            "loss",
            "Training",
            trained.Count == 0 ? "None of the runs has a training log." : null,
            writer => Write(writer, trained));
    }

    private static void Write(MarkupWriter writer, List<RunReportData> runs)
    {
        var legend = runs.Select((run, index) => new LegendEntry(run.Name, Style(index), LegendShape.Line)).ToList();
        using var figures = writer.Open("div", ("class", "figures"));
        new ChartFigure
        {
            IsWide = true,
            Heading = "Loss curves",
            Caption = "Means over neighbouring optimizer steps. Compare shapes, not heights: KPOD's loss is weighted by token and leaves out the given steps, so it "
                + "lies on another scale than that of plain CoT, and a lower loss does not mean a better student.",
            Legend = legend,
            Draw = size => Draw(size, runs, "chart-losses", "Loss of each run", "loss (nat per supervised token)", point => point.Loss),
        }.WriteTo(writer);
        new ChartFigure
        {
            Heading = "Steps given as input",
            Caption = "Mean over the examples of each optimizer step. Plain CoT gives none from the start.",
            Legend = legend,
            Draw = size => Draw(size, runs, "chart-given-steps", "Mean given steps of each run", "mean given steps", point => point.GivenSteps),
        }.WriteTo(writer);
        new ChartFigure
        {
            Heading = "Supervised tokens",
            Caption = "Tokens that are learned in each optimizer step.",
            Legend = legend,
            Draw = size => Draw(size, runs, "chart-learned-tokens", "Supervised tokens of each run", "tokens per optimizer step", point => point.SupervisedTokens),
        }.WriteTo(writer);
    }

    private static SvgChart Draw(ChartSize size, List<RunReportData> runs, string id, string title, string label, Func<TrainingLogPoint, double> value)
    {
        var curves = runs.ConvertAll(run => ThinnedCurve.Of([.. run.TrainingLog.Select(point => new ChartPoint(point.Step, value(point)))], DrawnPoints).Mean);
        var words = string.Join("; ", runs.Select((run, index) => $"{run.Name}: from {ReportNumber.Significant(curves[index][0].Y)} to "
            + $"{ReportNumber.Significant(curves[index][^1].Y)}"));
        var chart = new SvgChart(
            new ChartText(id, title, words),
            ChartAxis.OfWholeNumbers("optimizer step", runs.Min(run => run.TrainingLog[0].Step), runs.Max(run => run.TrainingLog[^1].Step)),
            ChartAxis.OfNumbers(label, 0, curves.SelectMany(curve => curve).Select(point => point.Y).Where(double.IsFinite).DefaultIfEmpty(1).Max()),
            size);
        for (var index = 0; index < curves.Count; index++)
        {
            chart.Line(curves[index], Style(index));
        }

        return chart;
    }

    private static string Style(int run) => Styles[run % Styles.Length];
}

using Kpod.Distillation.Training;
using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>The training log: loss by optimizer step with the stages marked, and what ran beside it.</summary>
internal static class TrainingSection
{
    private const int DrawnPoints = 300;
    private const int MostRules = 20;

    /// <summary>The section.</summary>
    /// <param name="data">The run.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(RunReportData data) => new(
        "training",
        "Training",
        data.TrainingLog.Count == 0 ? "This run has no training log: the student has not been trained yet." : null,
        writer => Write(writer, data.TrainingLog));

    private static void Write(MarkupWriter writer, IReadOnlyList<TrainingLogPoint> log)
    {
        writer.Element(
            "p",
            $"{ReportNumber.Count(log[^1].Step, "optimizer step")} over {ReportNumber.Count(log.Select(point => point.Epoch).Distinct().Count(), "epoch")}, "
                + $"{ReportNumber.Count(log.Sum(point => point.SupervisedTokens))} supervised tokens, "
                + $"{ReportNumber.Duration(log.Sum(point => point.Seconds))} of training.");
        using var figures = writer.Open("div", ("class", "figures"));
        var course = new Course(log);
        WriteLoss(writer, log, course);
        WriteCourse(writer, log, "chart-rate", "Learning rate", "learning rate", "As the recipe asks for it.", point => point.LearningRate);
        if (course.IsProgressive)
        {
            WriteCourse(writer, log, "chart-steps-given", "Steps given as input", "mean given steps", "Mean over the examples of each optimizer step. It falls to 0 "
                + "as the student takes over.", point => point.GivenSteps);
        }

        var tokens = course.IsProgressive ? "Tokens that are learned in each step: they grow as fewer steps are given." : "Tokens that are learned in each step.";
        WriteCourse(writer, log, "chart-tokens", "Supervised tokens", "tokens per optimizer step", tokens, point => point.SupervisedTokens);
        WriteCourse(writer, log, "chart-norm", "Gradient norm", "global gradient norm", "Peaks mark hard batches; a norm that keeps growing marks a learning "
            + "rate that is too high.", point => point.GradientNorm);
    }

    private static void WriteLoss(MarkupWriter writer, IReadOnlyList<TrainingLogPoint> log, Course course) => new ChartFigure
    {
        IsWide = true,
        Heading = $"Loss, {course.Part} by {course.Part}",
        Caption = $"The line is the mean over neighbouring optimizer steps, the band their least and greatest loss; dashed lines open a new {course.Part}."
            + (course.IsProgressive ? " At the start of a stage harder steps join in, so the loss may jump up there "
            + "and then fall again." : " A fall at each new epoch means that the student begins to know the rationales by heart."),
        Legend = [new LegendEntry("loss", "c1", LegendShape.Line), new LegendEntry("least to greatest", "c1 band", LegendShape.Area)],
        Numbers = PartTable(course),
        Draw = size => DrawLoss(size, log, course),
    }.WriteTo(writer);

    private static SvgChart DrawLoss(ChartSize size, IReadOnlyList<TrainingLogPoint> log, Course course)
    {
        var curves = course.Parts.ConvertAll(stage => ThinnedCurve.Of([.. stage.Select(point => new ChartPoint(point.Step, point.Loss))], Math.Max(4, DrawnPoints * stage.Count / log.Count)));
        var losses = log.Select(point => point.Loss).Where(double.IsFinite).Order().ToList();
        var chart = new SvgChart(
            new ChartText(
                "chart-loss",
                "Loss by optimizer step",
                "Mean loss in nat per supervised token: " + string.Join("; ", course.Parts.Select(part => $"{course.Part} {course.NumberOf(part)}: {ReportNumber.Fixed(MeanLoss(part), 3)}"))),
            ChartAxis.OfWholeNumbers("optimizer step", log[0].Step, log[^1].Step),
            ChartAxis.OfNumbers("loss (nat per supervised token)", 0, losses.Count == 0 ? 1 : Quantile.Of(losses, 0.998)),
            size,
            headroom: 14);
        WritePartRules(chart, course, size);
        foreach (var curve in curves)
        {
            chart.Band(curve.Low, curve.High, "c1");
            chart.Line(curve.Mean, "c1 thin");
        }

        return chart;
    }

    private static void WritePartRules(SvgChart chart, Course course, ChartSize size)
    {
        var room = size.Width > 600 ? 24 : 20;
        var end = double.NegativeInfinity; // Where the last label ends.
        foreach (var part in course.Parts)
        {
            var place = chart.X.Map(part[0].Step);
            var isFirst = part == course.Parts[0];
            var hasRoom = isFirst || place > end;
            if (hasRoom || course.Parts.Count <= MostRules)
            {
                chart.VerticalRule(part[0].Step, !hasRoom ? string.Empty : isFirst ? $"{course.Part} {course.NumberOf(part)}" : ReportNumber.Count(course.NumberOf(part)));
            }

            end = hasRoom ? place + (isFirst ? 50 : room) : end;
        }
    }

    private static ResultTable PartTable(Course course)
    {
        var table = new ResultTable(
            new ResultColumn(course.Part, true),
            new ResultColumn("steps", true),
            new ResultColumn("mean loss (nat)", true),
            new ResultColumn("last loss (nat)", true),
            new ResultColumn("mean given steps", true),
            new ResultColumn("supervised tokens", true),
            new ResultColumn("time", true));
        foreach (var part in course.Parts)
        {
            table.Add(
                ReportNumber.Count(course.NumberOf(part)),
                ReportNumber.Count(part.Count),
                ReportNumber.Fixed(MeanLoss(part), 3),
                ReportNumber.Fixed(part[^1].Loss, 3),
                ReportNumber.Fixed(part.Average(point => point.GivenSteps), 2),
                ReportNumber.Count(part.Sum(point => point.SupervisedTokens)),
                ReportNumber.Duration(part.Sum(point => point.Seconds)));
        }

        return table;
    }

    private static void WriteCourse(MarkupWriter writer, IReadOnlyList<TrainingLogPoint> log, string id, string heading, string label, string caption, Func<TrainingLogPoint, double> value)
    {
        var curve = ThinnedCurve.Of([.. log.Select(point => new ChartPoint(point.Step, value(point)))], DrawnPoints);
        var finite = log.Select(value).Where(double.IsFinite).ToList();
        if (finite.Count == 0)
        {
            return;
        }

        new ChartFigure
        {
            Heading = heading,
            Caption = caption,
            Size = ChartSize.Half with { Height = 200 },
            Draw = size =>
            {
                var chart = new SvgChart(
                    new ChartText(id, $"{heading} by optimizer step", $"From {ReportNumber.Significant(value(log[0]))} at the first to "
                        + $"{ReportNumber.Significant(value(log[^1]))} at the last step; between {ReportNumber.Significant(finite.Min())} and "
                        + $"{ReportNumber.Significant(finite.Max())}."),
                    ChartAxis.OfWholeNumbers("optimizer step", log[0].Step, log[^1].Step, 5),
                    ChartAxis.OfNumbers(label, 0, finite.Max(), 4),
                    size);
                chart.Line(curve.Mean, "c1 thin");
                return chart;
            },
        }.WriteTo(writer);
    }

    private static double MeanLoss(List<TrainingLogPoint> part) =>
        part.Select(point => point.Loss).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>A training cut into its stages, or into its epochs where no step is ever given.</summary>
    private sealed class Course
    {
        public Course(IReadOnlyList<TrainingLogPoint> log)
        {
            IsProgressive = log.Any(point => point.GivenSteps > 0);
            foreach (var point in log)
            {
                if (Parts.Count == 0 || NumberOf(Parts[^1]) != NumberOf([point]))
                {
                    Parts.Add([]);
                }

                Parts[^1].Add(point);
            }
        }

        public bool IsProgressive { get; }

        public List<List<TrainingLogPoint>> Parts { get; } = [];

        public string Part => IsProgressive ? "stage" : "epoch";

        public int NumberOf(List<TrainingLogPoint> part) => IsProgressive ? part[0].Stage : part[0].Epoch;
    }
}

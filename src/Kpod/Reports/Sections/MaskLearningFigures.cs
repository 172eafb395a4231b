using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Options;

namespace Kpod.Reports.Sections;

/// <summary>What mask learning showed: the answer's loss by what is given, mean weights by kind of token, weights over the learning, the predictor's training.</summary>
internal static class MaskLearningFigures
{
    private const int ListedSteps = 30;

    private static readonly string[] Quarters = ["1/4", "2/4", "3/4", "all"];
    private static readonly string[] Styles = ["c1", "c8 dash2", "c3 dash1", "c2 dash3", "c4 dash1"];

    /// <summary>Writes the figures.</summary>
    /// <param name="writer">Takes them.</param>
    /// <param name="diagnosis">What was measured.</param>
    /// <param name="keypointAuc">Area under the ROC curve against planted keypoints; null where there are none.</param>
    public static void Write(MarkupWriter writer, MaskLearningDiagnosis diagnosis, double? keypointAuc)
    {
        writer.Element("p", Summarise(diagnosis, keypointAuc));
        using var figures = writer.Open("div", ("class", "figures"));
        WriteAnswerLosses(writer, diagnosis.AnswerLoss);
        WriteKinds(writer, diagnosis.MeanWeights);
        var points = diagnosis.Course.Where(point => point.Quantiles.Count == 5 && point.Quantiles.All(double.IsFinite)).ToList();
        if (points.Count > 0)
        {
            WriteQuantiles(writer, points);
        }

        if (diagnosis.PredictorCourse.Count > 0)
        {
            WritePredictor(writer, diagnosis.PredictorCourse);
        }
    }

    private static string Summarise(MaskLearningDiagnosis diagnosis, double? keypointAuc)
    {
        var predictor = diagnosis.Predictor == AnswerPredictorKind.EncoderDecoder ? "An encoder-decoder" : "The student";
        var early = diagnosis.PredictorStoppedEarly ? " (ended early, as it began to know answers by heart)" : string.Empty;
        var auc = keypointAuc is { } area ? $" Against the planted keypoints the weights reach an area under the ROC curve of {ReportNumber.Fixed(area, 3)} (1 is "
            + $"perfect, 0.5 is chance)." : string.Empty;
        return $"{predictor} predicted the answers, trained for {ReportNumber.Count(diagnosis.PredictorSteps)} steps{early} on "
            + $"{ReportNumber.Count(diagnosis.TrainingRationales)} rationales; what follows was measured on {ReportNumber.Count(diagnosis.ProbeRationales)} others. "
            + $"Over all rationales {ReportNumber.Percent(diagnosis.KeptShare)} of the tokens have w above 0.5, and the mean of w is "
            + $"{ReportNumber.Fixed(diagnosis.MeanWeights.All, 3)}; it swung by {ReportNumber.Fixed(diagnosis.LevelSwing, 3)} in the last third of the learning, "
            + $"before averaging.{auc}{Price(diagnosis)}";
    }

    // What was tried before stands here too: a price that had to be moved says something of the data.
    private static string Price(MaskLearningDiagnosis diagnosis)
    {
        if (diagnosis.Attempts.Count == 0)
        {
            return string.Empty;
        }

        var before = string.Concat(diagnosis.Attempts.SkipLast(1).Select(attempt =>
            $" At {ReportNumber.Fixed(attempt.Price, 3)} nat the mean of w ended at {ReportNumber.Fixed(attempt.MeanWeight, 3)}, of no use ({Words(attempt.Fault)}), so the price was moved."));
        var saving = diagnosis.Saving is { } saved ? $" A rationale saves {ReportNumber.Fixed(saved.Nats, 3)} nat, averaged over its quarters." : string.Empty;
        return $"{saving}{before} The weights were learned at a price of {ReportNumber.Fixed(diagnosis.Attempts[^1].Price, 3)} nat.";
    }

    private static string Words(WeightFault? fault) => fault switch
    {
        WeightFault.KeepsAll => "all is kept",
        WeightFault.KeepsNone => "all is masked",
        WeightFault.NoSpread => "the weights hardly differ",
        WeightFault.TellsNothing => "what is kept tells nothing",
        _ => "what is kept tells no more than chance",
    };

    private static void WriteAnswerLosses(MarkupWriter writer, AnswerLossByQuarter loss)
    {
        List<(string Given, IReadOnlyList<double> Losses)> series = [("whole", loss.Whole), ("none", loss.None), ("digits only", loss.DigitsOnly), ("kept, w > 0.5", loss.Kept)];
        if (loss.KeptByChance is { } byChance)
        {
            series.Add(("as many by chance", byChance));
        }

        var numbers = new ResultTable([new ResultColumn("rationale given", false), .. Quarters.Select(quarter => new ResultColumn(quarter, true))]);
        foreach (var (given, losses) in series)
        {
            numbers.Add([given, .. Quarters.Select((_, index) => index < losses.Count ? ReportNumber.Fixed(losses[index], 2) : "-")]);
        }

        new ChartFigure
        {
            Heading = "Answer loss by how much of the rationale is read",
            Caption = "How surprised the predictor is by the right answer. At the right end \"kept\" should lie near \"whole\" and below \"digits only\": then the "
                + "kept tokens carry what the answer needs. If it lies near \"none\", the weights are worth nothing.",
            Legend = [.. series.Select((row, index) => new LegendEntry(row.Given, Styles[index], LegendShape.LineWithMarker, index))],
            Numbers = numbers,
            Draw = size => DrawAnswerLosses(size, series),
        }.WriteTo(writer);
    }

    private static SvgChart DrawAnswerLosses(ChartSize size, List<(string Given, IReadOnlyList<double> Losses)> series)
    {
        var words = string.Join("; ", series.Select(row => $"{row.Given}: {string.Join(", ", row.Losses.Select(loss => ReportNumber.Fixed(loss, 2)))}"));
        var chart = new SvgChart(
            new ChartText("chart-answer-loss", "Answer loss by quarter of the rationale", $"In nat, from a quarter to the whole rationale. {words}."),
            ChartAxis.OfCategories("part of the rationale read", Quarters),
            ChartAxis.OfNumbers("answer loss (nat)", 0, series.SelectMany(row => row.Losses).Where(double.IsFinite).DefaultIfEmpty(1).Max()),
            size);
        for (var index = 0; index < series.Count; index++)
        {
            var (given, losses) = series[index];
            var points = losses.Take(Quarters.Length).Select((loss, quarter) => new ChartPoint(quarter, loss)).ToList();
            chart.Line(points, Styles[index]);
            foreach (var point in points)
            {
                chart.Marker(point, index, Styles[index], $"{given}, {Quarters[(int)point.X]}: {ReportNumber.Fixed(point.Y, 2)} nat");
            }
        }

        return chart;
    }

    private static void WriteKinds(MarkupWriter writer, MeanTokenWeights means)
    {
        List<(string Label, double? Mean)> kinds = [("digits", means.Digits), ("operators", means.Operators), ("other tokens", means.Others), ("all tokens", means.All)];
        var numbers = new ResultTable(new ResultColumn("tokens", false), new ResultColumn("mean w", true));
        kinds.ForEach(kind => numbers.Add(kind.Label, Said(kind.Mean)));
        new ChartFigure
        {
            Heading = "Mean w by kind of token",
            Caption = "On arithmetic, digits should come first, then operators, then words, by clear margins.",
            Size = ChartSize.Half,
            Numbers = numbers,
            Draw = size =>
            {
                var chart = new SvgChart(
                    new ChartText("chart-kinds", "Mean weight by kind of token", string.Join("; ", kinds.Select(kind => $"{kind.Label}: {Said(kind.Mean)}"))),
                    ChartAxis.OfRange("mean w", 0, 1),
                    ChartAxis.OfRows([.. kinds.Select(kind => kind.Label)]),
                    size);
                for (var index = 0; index < kinds.Count; index++)
                {
                    if (kinds[index].Mean is { } mean && double.IsFinite(mean))
                    {
                        chart.Bar(new ChartPoint(0, index - 0.34), new ChartPoint(mean, index + 0.34), index == kinds.Count - 1 ? "c8" : "c1", $"{kinds[index].Label}: {Said(mean)}");
                    }
                }

                return chart;
            },
        }.WriteTo(writer);

        static string Said(double? mean) => mean is { } value ? ReportNumber.Fixed(value, 3) : "none there";
    }

    private static void WriteQuantiles(MarkupWriter writer, List<MaskLearningPoint> points)
    {
        var numbers = new ResultTable(
            new ResultColumn("step", true),
            new ResultColumn("5 %", true),
            new ResultColumn("25 %", true),
            new ResultColumn("median", true),
            new ResultColumn("75 %", true),
            new ResultColumn("95 %", true),
            new ResultColumn("mean", true),
            new ResultColumn("answer loss", true));
        foreach (var point in EvenSample.Of(points, ListedSteps))
        {
            numbers.Add([ReportNumber.Count(point.Step), .. point.Quantiles.Append(point.MeanWeight).Append(point.AnswerLoss).Select(value => ReportNumber.Fixed(value, 2))]);
        }

        new ChartFigure
        {
            Heading = "Weights over the learning",
            Caption = "The line is the median of w, the dark band holds the middle half of the tokens, the pale band nine in ten. It should open wide and then stay "
                + "level. A band that shuts at 1 or at 0 is a collapse.",
            Legend =
            [
                new LegendEntry("median", "c1", LegendShape.Line),
                new LegendEntry("25 to 75 %", "c1 band strong", LegendShape.Area),
                new LegendEntry("5 to 95 %", "c1 band", LegendShape.Area),
            ],
            Numbers = numbers,
            Draw = size => DrawQuantiles(size, points),
        }.WriteTo(writer);
    }

    private static SvgChart DrawQuantiles(ChartSize size, List<MaskLearningPoint> points)
    {
        var (first, last) = (points[0], points[^1]);
        var chart = new SvgChart(
            new ChartText(
                "chart-quantiles",
                "Quantiles of w over mask learning",
                $"Median {ReportNumber.Fixed(first.Quantiles[2], 2)} at step {first.Step}, {ReportNumber.Fixed(last.Quantiles[2], 2)} at step {last.Step}; at the end "
                    + $"nine tokens in ten lie between {ReportNumber.Fixed(last.Quantiles[0], 2)} and {ReportNumber.Fixed(last.Quantiles[4], 2)}."),
            ChartAxis.OfWholeNumbers("step of mask learning", first.Step, last.Step),
            ChartAxis.OfRange("w", 0, 1),
            size);
        List<ChartPoint> Curve(int quantile) => points.ConvertAll(point => new ChartPoint(point.Step, point.Quantiles[quantile]));
        chart.Band(Curve(0), Curve(4), "c1");
        chart.Band(Curve(1), Curve(3), "c1 strong");
        chart.Line(Curve(2), "c1");
        return chart;
    }

    private static void WritePredictor(MarkupWriter writer, IReadOnlyList<PredictorPoint> course)
    {
        List<(string Label, Func<PredictorPoint, double> Value)> series =
        [
            ("whole rationale, held-out questions", point => point.HeldOutWith),
            ("no rationale, held-out questions", point => point.HeldOutWithout),
            ("no rationale, training questions", point => point.TrainingWithout),
        ];
        var numbers = new ResultTable([new ResultColumn("step", true), .. series.Select(row => new ResultColumn(row.Label, true))]);
        foreach (var point in EvenSample.Of(course, ListedSteps))
        {
            numbers.Add([ReportNumber.Count(point.Step), .. series.Select(row => ReportNumber.Fixed(row.Value(point), 2))]);
        }

        new ChartFigure
        {
            Heading = "The predictor's own training",
            Caption = "With the whole rationale the loss should fall far below that without: then the predictor reads. Where the loss without a rationale falls on "
                + "training questions but not on held-out ones, answers are being learned by heart.",
            Legend = [.. series.Select((row, index) => new LegendEntry(row.Label, Styles[index], LegendShape.Line))],
            Numbers = numbers,
            Draw = size =>
            {
                var last = course[^1];
                var chart = new SvgChart(
                    new ChartText(
                        "chart-predictor",
                        "Answer loss over the predictor's training",
                        $"At step {last.Step} in nat: " + string.Join("; ", series.Select(row => $"{row.Label}: {ReportNumber.Fixed(row.Value(last), 2)}"))),
                    ChartAxis.OfWholeNumbers("step of the predictor's training", course[0].Step, last.Step),
                    ChartAxis.OfNumbers("answer loss (nat)", 0, course.SelectMany(point => series.Select(row => row.Value(point))).Where(double.IsFinite).DefaultIfEmpty(1).Max()),
                    size);
                for (var index = 0; index < series.Count; index++)
                {
                    chart.Line(course.Select(point => new ChartPoint(point.Step, series[index].Value(point))), Styles[index]);
                }

                return chart;
            },
        }.WriteTo(writer);
    }
}

using Kpod.Reports.Charts;

namespace Kpod.Reports.Sections;

/// <summary>What mask learning showed: the answer's loss by what is given, mean weights by kind of token, weights over training.</summary>
internal static class MaskLearningFigures
{
    private const int ListedSteps = 30;

    private static readonly string[] Quarters = ["1/4", "2/4", "3/4", "all"];
    private static readonly string[] Styles = ["c1", "c8 dash2", "c3 dash1", "c2 dash3"];

    /// <summary>Writes the figures.</summary>
    /// <param name="writer">Takes them.</param>
    /// <param name="diagnosis">What was measured.</param>
    public static void Write(MarkupWriter writer, MaskLearningDiagnosis diagnosis)
    {
        var auc = diagnosis.KeypointAuc is { } area ? $" Against the planted keypoints the weights reach an area under the ROC curve of {ReportNumber.Fixed(area, 3)} (1 is perfect, 0.5 is chance)." : string.Empty;
        writer.Element("p", $"The mean weight over all tokens is {ReportNumber.Fixed(diagnosis.MeanWeight, 3)}.{auc}");
        using var figures = writer.Open("div", ("class", "figures"));
        WriteKinds(writer, diagnosis);
        if (diagnosis.AnswerLosses.Count > 0)
        {
            WriteAnswerLosses(writer, diagnosis.AnswerLosses);
        }

        if (diagnosis.Quantiles.Count > 0)
        {
            WriteQuantiles(writer, diagnosis.Quantiles);
        }
    }

    private static void WriteAnswerLosses(MarkupWriter writer, IReadOnlyList<AnswerLossByQuarter> losses)
    {
        var numbers = new ResultTable([new ResultColumn("rationale given", false), .. Quarters.Select(quarter => new ResultColumn(quarter, true))]);
        foreach (var row in losses)
        {
            numbers.Add([row.Given, .. Quarters.Select((_, index) => index < row.Losses.Count ? ReportNumber.Fixed(row.Losses[index], 2) : "-")]);
        }

        new ChartFigure
        {
            Heading = "Answer loss by how much of the rationale is read",
            Caption = "How surprised the predictor is by the right answer. At the right end \"kept\" should lie near \"whole\" and below \"digits only\": then the kept tokens carry what the answer needs. If it lies near \"none\", the weights are worth nothing.",
            Legend = [.. losses.Select((row, index) => new LegendEntry(row.Given, Style(index), LegendShape.LineWithMarker, index))],
            Numbers = numbers,
            Draw = size => DrawAnswerLosses(size, losses),
        }.WriteTo(writer);
    }

    private static SvgChart DrawAnswerLosses(ChartSize size, IReadOnlyList<AnswerLossByQuarter> losses)
    {
        var words = string.Join("; ", losses.Select(row => $"{row.Given}: {string.Join(", ", row.Losses.Select(loss => ReportNumber.Fixed(loss, 2)))}"));
        var chart = new SvgChart(
            new ChartText("chart-answer-loss", "Answer loss by quarter of the rationale", $"In nat, from a quarter to the whole rationale. {words}."),
            ChartAxis.OfCategories("part of the rationale read", Quarters),
            ChartAxis.OfNumbers("answer loss (nat)", 0, losses.SelectMany(row => row.Losses).Where(double.IsFinite).DefaultIfEmpty(1).Max()),
            size);
        for (var series = 0; series < losses.Count; series++)
        {
            var points = losses[series].Losses.Take(Quarters.Length).Select((loss, index) => new ChartPoint(index, loss)).ToList();
            chart.Line(points, Style(series));
            foreach (var point in points)
            {
                chart.Marker(point, series, Style(series), $"{losses[series].Given}, {Quarters[(int)point.X]}: {ReportNumber.Fixed(point.Y, 2)} nat");
            }
        }

        return chart;
    }

    private static void WriteKinds(MarkupWriter writer, MaskLearningDiagnosis diagnosis)
    {
        List<(string Label, double Mean)> kinds = [("digits", diagnosis.MeanWeightOfDigits), ("operators", diagnosis.MeanWeightOfOperators), ("other tokens", diagnosis.MeanWeightOfOthers)];
        var numbers = new ResultTable(new ResultColumn("tokens", false), new ResultColumn("mean w", true));
        kinds.ForEach(kind => numbers.Add(kind.Label, ReportNumber.Fixed(kind.Mean, 3)));
        new ChartFigure
        {
            Heading = "Mean w by kind of token",
            Caption = "On arithmetic, digits should come first, then operators, then words, by clear margins.",
            IsWide = true,
            Numbers = numbers,
            Draw = size =>
            {
                var chart = new SvgChart(
                    new ChartText("chart-kinds", "Mean weight by kind of token", string.Join("; ", kinds.Select(kind => $"{kind.Label}: {ReportNumber.Fixed(kind.Mean, 3)}"))),
                    ChartAxis.OfRange("mean w", 0, 1),
                    ChartAxis.OfRows([.. kinds.Select(kind => kind.Label)]),
                    size with { Height = ChartSize.OfRows(kinds.Count).Height });
                for (var index = 0; index < kinds.Count; index++)
                {
                    if (double.IsFinite(kinds[index].Mean))
                    {
                        chart.Bar(new ChartPoint(0, index - 0.34), new ChartPoint(kinds[index].Mean, index + 0.34), "c1", $"{kinds[index].Label}: {ReportNumber.Fixed(kinds[index].Mean, 3)}");
                    }
                }

                return chart;
            },
        }.WriteTo(writer);
    }

    private static void WriteQuantiles(MarkupWriter writer, IReadOnlyList<WeightQuantiles> quantiles)
    {
        var numbers = new ResultTable(new ResultColumn("step", true), new ResultColumn("5 %", true), new ResultColumn("25 %", true), new ResultColumn("median", true), new ResultColumn("75 %", true), new ResultColumn("95 %", true));
        foreach (var row in EvenSample.Of(quantiles, ListedSteps))
        {
            numbers.Add(ReportNumber.Count(row.Step), ReportNumber.Fixed(row.Percent5, 2), ReportNumber.Fixed(row.Percent25, 2), ReportNumber.Fixed(row.Median, 2), ReportNumber.Fixed(row.Percent75, 2), ReportNumber.Fixed(row.Percent95, 2));
        }

        new ChartFigure
        {
            Heading = "Weights over the training of the module",
            Caption = "The line is the median of w, the dark band holds the middle half of the tokens, the pale band nine in ten. It should open wide and then stay level. A band that shuts at 1 or at 0 is a collapse.",
            Legend = [new LegendEntry("median", "c1", LegendShape.Line), new LegendEntry("25 to 75 %", "c1 band strong", LegendShape.Area), new LegendEntry("5 to 95 %", "c1 band", LegendShape.Area)],
            Numbers = numbers,
            Draw = size => DrawQuantiles(size, quantiles),
        }.WriteTo(writer);
    }

    private static SvgChart DrawQuantiles(ChartSize size, IReadOnlyList<WeightQuantiles> quantiles)
    {
        var (first, last) = (quantiles[0], quantiles[^1]);
        var chart = new SvgChart(
            new ChartText(
                "chart-quantiles",
                "Quantiles of w over mask learning",
                $"Median {ReportNumber.Fixed(first.Median, 2)} at step {first.Step}, {ReportNumber.Fixed(last.Median, 2)} at step {last.Step}; at the end nine tokens in ten lie between {ReportNumber.Fixed(last.Percent5, 2)} and {ReportNumber.Fixed(last.Percent95, 2)}."),
            ChartAxis.OfWholeNumbers("optimizer step of the module", first.Step, last.Step),
            ChartAxis.OfRange("w", 0, 1),
            size);
        List<ChartPoint> Curve(Func<WeightQuantiles, double> value) => [.. quantiles.Where(row => double.IsFinite(value(row))).Select(row => new ChartPoint(row.Step, value(row)))];
        chart.Band(Curve(row => row.Percent5), Curve(row => row.Percent95), "c1");
        chart.Band(Curve(row => row.Percent25), Curve(row => row.Percent75), "c1 strong");
        chart.Line(Curve(row => row.Median), "c1");
        return chart;
    }

    private static string Style(int series) => Styles[series % Styles.Length];
}

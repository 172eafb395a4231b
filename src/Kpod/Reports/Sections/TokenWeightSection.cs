using Kpod.RationaleGeneration.Rationales;
using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Reports.Sections;

/// <summary>Token weights: the heat map of the paper's Figure 2, how w is spread, which tokens come out high and low, and what mask learning showed.</summary>
internal static class TokenWeightSection
{
    private const int Bins = 20;
    private const int ListedTokens = 10;

    /// <summary>The section.</summary>
    /// <param name="data">The run.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(RunReportData data) => new(
        "weights",
        "Token weights",
        data.TokenWeights is null ? Absence.Of(data, "token weights") : null,
        writer => Write(writer, data, data.TokenWeights!));

    private static void Write(MarkupWriter writer, RunReportData data, IReadOnlyList<RationaleTokenWeights> weights)
    {
        writer.Element("p", "w is the probability that a token of a rationale is kept when as little as possible is kept and the answer must still be found from what "
            + "is left. It weighs the token in the loss." + Source(data));
        WriteHeatMaps(writer, data, weights);
        writer.Element("h3", "How the weights are spread");
        using (writer.Open("div", ("class", "figures")))
        {
            WriteDistribution(writer, weights, data.MaskLearning is not null);
            WriteExtremes(writer, weights);
        }

        writer.Element("h3", "What mask learning showed");
        if (data.MaskLearning is null)
        {
            writer.Element("p", "The weights were not learned in this run, so there is nothing to show of their learning.", ("class", "absence"));
        }
        else
        {
            MaskLearningFigures.Write(writer, data.MaskLearning, data.KeypointAuc);
        }
    }

    private static string Source(RunReportData data) => data.TokenWeightSource is null ? string.Empty : $" The weights of this run: {data.TokenWeightSource}.";

    private static void WriteHeatMaps(MarkupWriter writer, RunReportData data, IReadOnlyList<RationaleTokenWeights> weights)
    {
        var texts = ByKey(data.Rationales, rationale => (rationale.QuestionId, rationale.Sample));
        var questions = ByKey(data.Questions, question => question.Id);
        var difficulties = ByKey(data.Difficulties ?? [], difficulty => (difficulty.QuestionId, difficulty.Sample));
        var withText = weights.Where(item => texts.ContainsKey((item.QuestionId, item.Sample))).ToList();
        var shown = EvenSample.Of(withText, data.HeatMaps);
        if (shown.Count == 0)
        {
            return;
        }

        writer.Element("h3", $"Heat map of {ReportNumber.Count(shown.Count, "rationale")}");
        var expected = data.MaskLearning is null ? string.Empty : " Digits and operators should stand out most, then words that name the operation, then names; "
            + "filler should have next to no colour.";
        writer.Element("p", $"The stronger a token's colour, the more the answer hangs on it; what has none may go.{expected} A numbered mark opens each step; point "
            + $"at a token or tap it for its w. White space is left plain. The rationales are taken at even distances from the whole file.");
        HeatMap.WriteScale(writer);
        using var items = writer.Open("div", ("class", "items"));
        foreach (var item in shown)
        {
            var rationale = texts[(item.QuestionId, item.Sample)];
            var steps = difficulties.GetValueOrDefault((item.QuestionId, item.Sample))?.Steps;
            using var element = writer.Line().Open("article", ("class", "item"));
            writer.Element("p", Describe(rationale, item), ("class", "from"));
            if (questions.TryGetValue(item.QuestionId, out var question))
            {
                writer.Element("p", $"{question.Text} → {question.Answer}", ("class", "question"));
            }

            HeatMap.WriteTo(writer, rationale.Text, item.Tokens, steps);
        }
    }

    private static string Describe(Rationale rationale, RationaleTokenWeights item)
    {
        var mean = item.Tokens.Count == 0 ? 0 : item.Tokens.Average(token => token.Weight);
        return $"{rationale.QuestionId} #{rationale.Sample} · {rationale.Teacher} · {ReportNumber.Count(item.Tokens.Count)} tokens, mean w {ReportNumber.Fixed(mean, 2)}";
    }

    private static void WriteDistribution(MarkupWriter writer, IReadOnlyList<RationaleTokenWeights> weights, bool isLearned)
    {
        var histogram = Histogram.Of(weights.SelectMany(item => item.Tokens).Select(token => token.Weight), 0, 1, Bins);
        var numbers = new ResultTable(new ResultColumn("w from", true), new ResultColumn("to", true), new ResultColumn("tokens", true), new ResultColumn("share", true));
        for (var bin = 0; bin < Bins; bin++)
        {
            numbers.Add(
                ReportNumber.Fixed(histogram.StartOf(bin), 2),
                ReportNumber.Fixed(histogram.StartOf(bin + 1), 2),
                ReportNumber.Count(histogram.Counts[bin]),
                ReportNumber.Percent(histogram.ShareOf(bin)));
        }

        new ChartFigure
        {
            Heading = "Distribution of w",
            Caption = "Share of all rationale tokens by weight."
                + (isLearned ? " Two heaps, one near 0 and a smaller one near 1, mean that keypoints were told from filler. A single heap at either end means that "
                + "the module collapsed." : string.Empty),
            Numbers = numbers,
            Draw = size => HistogramChart.Draw(
                new ChartText("chart-w", "Distribution of the token weights", $"{ReportNumber.Count(histogram.Total)} tokens; "
                    + $"{ReportNumber.Percent(histogram.ShareOf(0))} below 0.05, {ReportNumber.Percent(histogram.ShareOf(Bins - 1))} from 0.95 on."),
                histogram,
                "w",
                "tokens",
                size),
        }.WriteTo(writer);
    }

    private static void WriteExtremes(MarkupWriter writer, IReadOnlyList<RationaleTokenWeights> weights)
    {
        var least = Math.Max(3, weights.Count / 20);
        var means = weights.SelectMany(item => item.Tokens).GroupBy(token => token.Text.Trim()).Where(group => group.Key.Length > 0 && group.Count() >= least)
            .Select(group => (Text: group.Key, Count: group.Count(), Mean: group.Average(token => token.Weight)))
            .OrderByDescending(token => token.Mean).ThenBy(token => token.Text, StringComparer.Ordinal).ToList();
        var take = Math.Min(ListedTokens, means.Count / 2);
        if (take == 0 || means[0].Mean - means[^1].Mean < 1e-9)
        {
            return; // Uniform weights have no highest and lowest.
        }

        var table = new ResultTable(
            new ResultColumn("highest", false),
            new ResultColumn("mean w", true),
            new ResultColumn("seen", true),
            new ResultColumn("lowest", false),
            new ResultColumn("mean w", true),
            new ResultColumn("seen", true));
        for (var index = 0; index < take; index++)
        {
            var (high, low) = (means[index], means[^(index + 1)]);
            table.Add(high.Text, ReportNumber.Fixed(high.Mean, 3), ReportNumber.Count(high.Count), low.Text, ReportNumber.Fixed(low.Mean, 3), ReportNumber.Count(low.Count));
        }

        using var figure = writer.Line().Open("figure");
        writer.Element("h4", "Tokens with the highest and the lowest mean w");
        table.WriteHtml(writer);
        writer.Element("figcaption", $"Tokens that occur at least {ReportNumber.Count(least)} times, by their text.");
    }

    // A hand-made file may hold a key twice; the first one serves.
    private static Dictionary<TKey, T> ByKey<TKey, T>(IEnumerable<T> items, Func<T, TKey> key)
        where TKey : notnull =>
        items.GroupBy(key).ToDictionary(group => group.Key, group => group.First());
}

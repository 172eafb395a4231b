using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>The students of several runs, two by two, on the questions that both were asked.</summary>
internal static class PairedSection
{
    private const double Unlikely = 0.05;

    /// <summary>The section.</summary>
    /// <param name="runs">The runs.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(IReadOnlyList<RunReportData> runs)
    {
        var pairs = PairedRuns.Of(runs);
        return new PageSection(
            "pairs",
            "Two by two",
            pairs.Count == 0 ? "There are no two runs that answered the same questions." : null,
            writer => Write(writer, pairs));
    }

    private static void Write(MarkupWriter writer, IReadOnlyList<PairedRuns> pairs)
    {
        var table = new ResultTable(
            new ResultColumn("first", false),
            new ResultColumn("second", false),
            new ResultColumn("split", false),
            new ResultColumn("first less second", true),
            new ResultColumn("both right", true),
            new ResultColumn("only first", true),
            new ResultColumn("only second", true),
            new ResultColumn("neither", true),
            new ResultColumn("p", true));
        foreach (var pair in pairs)
        {
            var counts = pair.Comparison;
            table.Add(
                pair.First,
                pair.Second,
                pair.Split,
                $"{ReportNumber.Fixed(100 * counts.Difference, 1)} points",
                ReportNumber.Count(counts.Both),
                ReportNumber.Count(counts.OnlyFirst),
                ReportNumber.Count(counts.OnlySecond),
                ReportNumber.Count(counts.Neither),
                counts.PValue < 0.001 ? "< 0.001" : ReportNumber.Fixed(counts.PValue, 3));
        }

        using (writer.Open("div", ("class", "card")))
        {
            table.WriteHtml(writer);
        }

        var unlikely = pairs.Count(pair => pair.Comparison.PValue < Unlikely);
        writer.Element("p", $"p is how often a difference at least as large would come about between two equally good students that differ on as many questions (McNemar's exact test, two-sided). "
            + $"Below {ReportNumber.Fixed(Unlikely, 2)}: {ReportNumber.Count(unlikely)} of {ReportNumber.Count(pairs.Count)}. It speaks of these two students, not of their methods: another seed gives other students.");
    }
}

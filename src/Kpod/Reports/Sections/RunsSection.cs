using Kpod.Distillation.Methods;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>The compared runs in a table: what each is and how much it learned from.</summary>
internal static class RunsSection
{
    /// <summary>The section.</summary>
    /// <param name="runs">The runs.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(IReadOnlyList<RunReportData> runs) => new("runs", "The runs", null, writer => Write(writer, runs));

    private static void Write(MarkupWriter writer, IReadOnlyList<RunReportData> runs)
    {
        var table = new ResultTable(
            new ResultColumn("run", false),
            new ResultColumn("method", false),
            new ResultColumn("rationales", true),
            new ResultColumn("optimizer steps", true),
            new ResultColumn("epochs", true),
            new ResultColumn("tokens learned", true),
            new ResultColumn("training", true));
        foreach (var run in runs)
        {
            var log = run.TrainingLog;
            table.Add(
                run.Name,
                run.Method.Entry().Name,
                run.RationaleSummary is null ? "-" : ReportNumber.Count(run.RationaleSummary.Kept),
                log.Count == 0 ? "-" : ReportNumber.Count(log[^1].Step),
                log.Count == 0 ? "-" : ReportNumber.Count(log[^1].Epoch),
                log.Count == 0 ? "-" : ReportNumber.Count(log.Sum(point => point.SupervisedTokens)),
                log.Count == 0 ? "-" : ReportNumber.Duration(log.Sum(point => point.Seconds)));
        }

        using (writer.Open("div", ("class", "card")))
        {
            table.WriteHtml(writer);
        }

        var trained = runs.Where(run => run.TrainingLog.Count > 0).Select(run => run.TrainingLog[^1].Step).Distinct().Count();
        writer.Element("p", trained > 1
            ? "The runs did not take the same number of optimizer steps: their accuracies are no comparison at equal training."
            : "The runs took the same number of optimizer steps.", ("class", trained > 1 ? "callout" : null));
    }
}

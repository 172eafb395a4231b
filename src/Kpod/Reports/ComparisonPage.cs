using Kpod.Files;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;
using Kpod.Reports.Sections;

namespace Kpod.Reports;

/// <summary>The report of several runs side by side: a single HTML file like that of a run.</summary>
public static class ComparisonPage
{
    private const string PageKind = "Comparison of runs";
    private const int HeadLength = 1 << 16;

    /// <summary>Makes the page.</summary>
    /// <param name="title">Its title, such as the name of a recipe with variants.</param>
    /// <param name="runs">The runs in the order to show; at least one.</param>
    /// <returns>HTML.</returns>
    /// <exception cref="ArgumentException">No run is given.</exception>
    public static string Render(string title, IReadOnlyList<RunReportData> runs)
    {
        if (runs.Count == 0)
        {
            throw new ArgumentException("A comparison needs a run.", nameof(runs));
        }

        return new HtmlPage
        {
            Title = title,
            Kind = PageKind,
            Lead = $"{string.Join(", ", runs.Select(run => run.Name))} side by side: what they reached, how they learned, and in what their recipes differ.",
            Tiles = [.. runs.Take(6).Select(TileOf)],
            Sections =
            [
                RunsSection.Of(runs),
                AccuracySection.Of(AccuracyRowsOf(runs)),
                PairedSection.Of(runs),
                LossComparisonSection.Of(runs),
                DifferenceSection.OfRecipes(runs),
                DifferenceSection.OfEnvironments(runs),
                TimeComparisonSection.Of(runs),
            ],
        }.Render();
    }

    /// <summary>Makes the page and writes it, atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">Its title.</param>
    /// <param name="runs">The runs; at least one.</param>
    /// <exception cref="KpodException">The disk refuses; what was at <paramref name="path"/> is unchanged.</exception>
    public static void Write(string path, string title, IReadOnlyList<RunReportData> runs) => AtomicFile.WriteText(path, Render(title, runs));

    /// <summary>Whether a file is such a page, which may be replaced by a newer one.</summary>
    /// <param name="path">A file that is there.</param>
    /// <returns>True where it begins as these pages do.</returns>
    public static bool IsOne(string path)
    {
        using var reader = new StreamReader(path);
        var front = new char[HeadLength];
        var head = front.AsSpan(0, reader.ReadBlock(front));
        return head.StartsWith("<!DOCTYPE html>", StringComparison.OrdinalIgnoreCase) && head.IndexOf($" · {PageKind}</title>", StringComparison.Ordinal) > 0;
    }

    /// <summary>
    /// The accuracies of all runs: first each run's own student under the run's name, then the models beside it. A model with the same figures in several
    /// runs (their common base) is shown once; one with other figures is named with its run.
    /// </summary>
    /// <param name="runs">The runs.</param>
    /// <returns>Rows grouped by split, in the order in which the splits first occur.</returns>
    public static IReadOnlyList<AccuracyRow> AccuracyRowsOf(IReadOnlyList<RunReportData> runs)
    {
        var own = runs.SelectMany(run => run.Accuracies.Where(row => row.Name == run.Accuracies[0].Name).Select(row => row with { Name = run.Name }));
        var beside = runs.SelectMany(run => run.Accuracies.Where(row => row.Name != run.Accuracies[0].Name).Select(row => (Run: run.Name, Row: row))).ToList();
        var common = beside
            .GroupBy(item => (item.Row.Name, item.Row.Split, item.Row.Extraction))
            .SelectMany(group => group.Select(item => item.Row).Distinct().Count() == 1
                ? group.Take(1).Select(item => item.Row)
                : group.Select(item => item.Row with { Name = $"{item.Row.Name} of {item.Run}" }));
        List<AccuracyRow> rows = [.. own, .. common];
        var splits = rows.Select(row => row.Split).Distinct().ToList();
        return [.. rows.OrderBy(row => splits.IndexOf(row.Split))];
    }

    private static HeadlineTile TileOf(RunReportData run) => run.Accuracies.Count == 0
        ? new HeadlineTile("-", run.Name, "not evaluated")
        : new HeadlineTile(
            ReportNumber.Percent(run.Accuracies[0].Accuracy),
            $"{run.Name}, {run.Accuracies[0].Split}",
            $"{ReportNumber.Fixed(100 * run.Accuracies[0].Low, 1)} to {ReportNumber.Fixed(100 * run.Accuracies[0].High, 1)} %, {run.Accuracies[0].Extraction}");
}

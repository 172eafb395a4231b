using Kpod.Distillation.Methods;
using Kpod.Files;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;
using Kpod.Reports.Sections;

namespace Kpod.Reports;

/// <summary>The report of one run: a single HTML file that needs nothing else, for screen, phone and print.</summary>
public static class RunPage
{
    /// <summary>Makes the page.</summary>
    /// <param name="data">The run's records; nothing is computed anew from them.</param>
    /// <returns>HTML.</returns>
    public static string Render(RunReportData data) => new HtmlPage
    {
        Title = data.Name,
        Kind = $"Run report · {data.Method.Entry().Name}",
        Lead = data.Method.Entry().Description,
        Tiles = Tiles(data),
        Sections =
        [
            OverviewSection.Of(data),
            AccuracySection.Of(data.Accuracies),
            RationaleSection.Of(data),
            TokenWeightSection.Of(data),
            DifficultySection.Of(data),
            ScheduleSection.Of(data),
            TrainingSection.Of(data),
            GenerationSection.Of(data),
            TimeSection.Of(data),
            RecipeSection.Of(data),
        ],
    }.Render();

    /// <summary>Makes the page and writes it, atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="data">The run's records.</param>
    /// <exception cref="KpodException">The disk refuses; what was at <paramref name="path"/> is unchanged.</exception>
    public static void Write(string path, RunReportData data) => AtomicFile.WriteText(path, Render(data));

    private static List<HeadlineTile> Tiles(RunReportData data)
    {
        var tiles = new List<HeadlineTile>();
        foreach (var row in data.Accuracies.DistinctBy(row => (row.Name, row.Split)).Take(3))
        {
            tiles.Add(new HeadlineTile(ReportNumber.Percent(row.Accuracy), $"{row.Name}, {row.Split}", $"{ReportNumber.Fixed(100 * row.Low, 1)} to "
                + $"{ReportNumber.Fixed(100 * row.High, 1)} %, {row.Extraction}"));
        }

        if (data.RationaleSummary is { } summary)
        {
            tiles.Add(new HeadlineTile(ReportNumber.Count(summary.Kept), "rationales kept", $"for {ReportNumber.Count(summary.Questions - summary.QuestionsWithout)} questions"));
        }

        if (data.TrainingLog.Count > 0)
        {
            var tokens = data.TrainingLog.Sum(point => point.SupervisedTokens);
            tiles.Add(new HeadlineTile(ReportNumber.Count(data.TrainingLog[^1].Step), "optimizer steps", $"{ReportNumber.Count(tokens)} tokens learned"));
        }

        if (data.StageTimes.Count > 0)
        {
            tiles.Add(new HeadlineTile(ReportNumber.Duration(data.StageTimes.Sum(time => time.Seconds)), "wall time", "all stages"));
        }

        return tiles;
    }
}

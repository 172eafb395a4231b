using System.Globalization;
using System.Text;

namespace Kpod.ProgressiveSchedule;

/// <summary>Writes a schedule as text for a terminal: a line a stage, and D(t) drawn against H(t).</summary>
public static class ScheduleTable
{
    private const int CurveRows = 10;
    private const int WidestStage = 6;

    // Room for the scale left of the curve.
    private const int ScaleWidth = 7;
    private const string Eighths = " ▁▂▃▄▅▆▇█";

    /// <summary>Renders a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="width">Characters of a line of the terminal; the curve fits into it.</param>
    /// <returns>Lines that end with <c>\n</c>, without colours.</returns>
    public static string Render(StageSchedule schedule, int width = 100)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{schedule.Rationales.Count} rationales, {schedule.Rationales.Sum(rationale => rationale.Steps)} steps, ");
        text.Append(CultureInfo.InvariantCulture, $"B = {schedule.MaximumDifficulty:0.0} nat, C_0 = {schedule.InitialDifficulty:0.0} nat, ");
        text.Append(CultureInfo.InvariantCulture, $"T = {schedule.Stages.Count} ({schedule.StagesPerEpoch} an epoch), Delta_s = {schedule.StepsPerSelection}, p = {schedule.GrowthPower}, beta = {schedule.DiversityWeight}\n\n");
        AppendTable(text, schedule);
        text.Append('\n');
        AppendCurve(text, schedule, width);
        foreach (var warning in schedule.Warnings)
        {
            text.Append("\nWarning: ").Append(warning).Append('\n');
        }

        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, StageSchedule schedule)
    {
        var clusters = schedule.Stages.Select(stage => stage.SelectedPerCluster.Count).DefaultIfEmpty(0).Max();
        var rows = new List<string[]>
        {
            (string[])["stage", "D(t)", "H(t)", "H/B", "|S(t)|", "given", "whole", .. Enumerable.Range(0, clusters).Select(cluster => $"C{cluster + 1}")],
            (string[])["0", Number(schedule.InitialDifficulty), "", "", "", .. Given(schedule.InitialGivenSteps), .. Enumerable.Repeat("", clusters)],
        };
        foreach (var stage in schedule.Stages)
        {
            rows.Add(
            [
                stage.Stage.ToString(CultureInfo.InvariantCulture),
                Number(stage.Ceiling),
                Number(stage.Difficulty),
                Percent(Share(stage.Difficulty, schedule)),
                stage.Selected.Count.ToString(CultureInfo.InvariantCulture),
                .. Given(stage.GivenSteps),
                .. stage.SelectedPerCluster.Select(count => count.ToString(CultureInfo.InvariantCulture)),
            ]);
        }

        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            text.Append(string.Join("  ", row.Select((cell, column) => cell.PadLeft(widths[column]))).TrimEnd()).Append('\n');
        }

        text.Append("given: mean number of steps that are input; whole: share of the rationales that the student writes whole; C: selections per cluster\n");
    }

    // Stages lie side by side; where the terminal is too narrow for all, evenly spaced ones are drawn, the last among them.
    private static void AppendCurve(StringBuilder text, StageSchedule schedule, int width)
    {
        var room = Math.Max(1, width - ScaleWidth);
        var count = schedule.Stages.Count;
        var columns = Math.Min(count, room);
        var stages = Enumerable.Range(1, columns).Select(column => schedule.Stages[(int)((long)column * count / columns) - 1]).ToArray();
        var columnWidth = columns == 0 ? 0 : Math.Min(WidestStage, room / columns);
        for (var row = CurveRows - 1; row >= 0; row--)
        {
            var scale = row == CurveRows - 1 ? "B" : row == (CurveRows / 2) - 1 ? "B/2" : "";
            text.Append(scale.PadLeft(ScaleWidth - 2)).Append(" ┤");
            foreach (var stage in stages)
            {
                text.Append(Cell(Share(stage.Difficulty, schedule), Share(stage.Ceiling, schedule), row), columnWidth);
            }

            TrimEnd(text).Append('\n');
        }

        text.Append("0".PadLeft(ScaleWidth - 2)).Append(" └").Append('─', columns * columnWidth).Append('\n');
        var last = count.ToString(CultureInfo.InvariantCulture).PadLeft(Math.Max(0, (columns * columnWidth) - 1));
        text.Append("1".PadLeft(ScaleWidth + 1)).Append(last).Append("  stage\n");
        text.Append("█ H(t), what the student writes   ░ room up to D(t) that no selection could fill\n");
    }

    private static char Cell(double written, double allowed, int row)
    {
        var filled = Math.Clamp((written * CurveRows) - row, 0, 1);
        var open = Math.Clamp((allowed * CurveRows) - row, 0, 1);

        // Room is worth drawing where it takes more than half of the cell.
        return open - filled > 0.5 ? '░' : Eighths[(int)Math.Round(filled * (Eighths.Length - 1))];
    }

    private static double Share(double difficulty, StageSchedule schedule) => schedule.MaximumDifficulty > 0 ? difficulty / schedule.MaximumDifficulty : 1;

    private static string[] Given(IReadOnlyList<int> givenSteps) =>
    [
        givenSteps.DefaultIfEmpty(0).Average().ToString("0.00", CultureInfo.InvariantCulture),
        Percent(givenSteps.Count == 0 ? 0 : givenSteps.Count(given => given == 0) / (double)givenSteps.Count),
    ];

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static StringBuilder TrimEnd(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] == ' ')
        {
            text.Length--;
        }

        return text;
    }
}

using System.Globalization;
using Kpod.Datasets;
using Kpod.RationaleGeneration.Quality;
using Kpod.Reports.Markup;

namespace Kpod.Reports.Sections;

/// <summary>The table of teachers: how often right, how long, for how much.</summary>
public static class TeacherTable
{
    /// <summary>A row a teacher; columns for what was written and paid only where it is known of one of them.</summary>
    /// <param name="teachers">The figures.</param>
    /// <returns>The table.</returns>
    public static ResultTable Of(IReadOnlyList<TeacherFigures> teachers)
    {
        List<(ResultColumn Column, Func<TeacherFigures, string> Cell)> columns =
        [
            (new("teacher", false), row => row.Teacher),
            (new("rationales", true), row => ReportNumber.Count(row.Samples)),
            (new("right", true), row => ReportNumber.Count(row.Correct)),
            (new("accuracy", true), row => ReportNumber.Percent(row.Accuracy)),
            (new("kept", true), row => ReportNumber.Count(row.Kept)),
            (new("words (95 % below)", true), row => Text(row.Words)),
            (new("steps (95 % below)", true), row => Text(row.Steps)),
        ];
        if (teachers.Any(row => row.OutputTokens is not null))
        {
            columns.Add((new("tokens written (95 % below)", true), row => Text(row.OutputTokens)));
        }

        if (teachers.Any(row => row.Costed > 0))
        {
            columns.Add((new("cost", true), Cost));
            columns.Add((new("cost of a right one", true), row => row is { Cost: { } cost, Correct: > 0 } && row.Costed == row.Samples ? Money(cost / row.Correct, row.Currency) : "-"));
        }

        var table = new ResultTable([.. columns.Select(column => column.Column)]);
        foreach (var row in teachers)
        {
            table.Add([.. columns.Select(column => column.Cell(row))]);
        }

        return table;
    }

    // The median, and behind it the length that 95 of 100 do not pass.
    private static string Text(Lengths? lengths) => lengths is null ? "-" : $"{ReportNumber.Count(lengths.Median)} ({ReportNumber.Count(lengths.Percentile95)})";

    private static string Cost(TeacherFigures row) => row.Cost is { } cost
        ? $"{Money(cost, row.Currency)}{(row.Costed < row.Samples ? $" for {ReportNumber.Count(row.Costed)}" : string.Empty)}"
        : row.Costed == 0 ? "-" : "several currencies";

    // Cents from one on; below it three digits that count.
    private static string Money(decimal amount, string? currency)
    {
        var decimals = amount is >= 1 or 0 ? 2 : Math.Min(12, 2 - (int)Math.Floor(Math.Log10((double)amount)));
        return $"{amount.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture)} {currency}";
    }
}

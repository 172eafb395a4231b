using System.Globalization;
using Kpod.Reports.Records;
using Spectre.Console;

namespace Kpod.Cli.Display;

/// <summary>The table of students two by two; nothing where there is only one.</summary>
internal static class PairedDrawing
{
    public static void Draw(IAnsiConsole console, IReadOnlyList<PairedRuns> pairs)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        var table = Tables.Make("first", "second", "split", "points", "only first", "only second", "p");
        table.Columns[2].NoWrap = true;
        foreach (var (first, second, split, counts) in pairs)
        {
            table.AddRow(
                Markup.Escape(first),
                Markup.Escape(second),
                split,
                (100 * counts.Difference).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture),
                counts.OnlyFirst.ToString(CultureInfo.InvariantCulture),
                counts.OnlySecond.ToString(CultureInfo.InvariantCulture),
                counts.PValue.ToString("0.000", CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }
}

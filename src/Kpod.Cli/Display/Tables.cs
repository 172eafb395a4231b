using System.Globalization;
using Spectre.Console;

namespace Kpod.Cli.Display;

/// <summary>Plain tables for the terminal, numbers in the invariant culture.</summary>
internal static class Tables
{
    public static Table Make(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var index = 0; index < columns.Length; index++)
        {
            table.AddColumn(new TableColumn(columns[index]) { Alignment = index == 0 ? Justify.Left : Justify.Right, NoWrap = index == 0 });
        }

        return table;
    }

    public static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}

using System.Globalization;
using Kpod.Evaluation;
using Spectre.Console;

namespace Kpod.Cli.Display;

/// <summary>The table of accuracies.</summary>
internal static class AccuracyDrawing
{
    public static void Draw(IAnsiConsole console, IEnumerable<(string Name, EvaluationResult Result)> rows)
    {
        var table = Tables.Make("model", "split", "right", "accuracy", "95 % interval", "strict", "ended");
        table.Columns[1].NoWrap = true;
        foreach (var (name, result) in rows)
        {
            table.AddRow(
                Markup.Escape(name),
                result.Split,
                $"{result.Correct}/{result.Questions}",
                Tables.Percent(result.Accuracy),
                $"{(100 * result.Interval.Low).ToString("0.0", CultureInfo.InvariantCulture)} to {Tables.Percent(result.Interval.High)}",
                Tables.Percent((double)result.StrictCorrect / result.Questions),
                Tables.Percent(result.StopRate));
        }

        console.Write(table);
    }
}

using System.Globalization;
using System.Text;

namespace Kpod.Benchmarks;

/// <summary>One measurement's page: what was measured, a table, how, and with what.</summary>
/// <param name="name">File name without extension.</param>
/// <param name="title">Heading.</param>
internal sealed class ResultPage(string name, string title)
{
    private readonly StringBuilder _body = new();

    /// <summary>Appends a paragraph.</summary>
    /// <param name="text">Markdown.</param>
    public void Say(string text) => _body.Append('\n').Append(text).Append('\n');

    /// <summary>Appends a table.</summary>
    /// <param name="columns">Heads of the columns.</param>
    /// <param name="rows">Cells, row by row.</param>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        _body.Append('\n').Append(Row(columns)).Append(Row([.. columns.Select(_ => "---")]));
        foreach (var row in rows)
        {
            _body.Append(Row(row));
        }
    }

    /// <summary>Writes the page over an earlier one and shows it.</summary>
    /// <param name="settings">Where to, and what was asked for.</param>
    public void Write(BenchmarkSettings settings)
    {
        var text = $"# {title}\n{_body}\nMeasured {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC with `{settings.Command}`.\n"
            + string.Concat(MachineDescription.Lines().Select(line => $"- {line}\n"));
        Directory.CreateDirectory(settings.Results);
        File.WriteAllText(Path.Combine(settings.Results, name + ".md"), text);
        Console.Write(text);
        Console.WriteLine();
    }

    /// <summary>A number with a few digits.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Three significant digits, or whole where it is large.</returns>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}

using System.Globalization;
using System.Text;
using Kpod.Reports.Records;

namespace Kpod.Reports.Markup;

/// <summary>A table of results that can be shown on a terminal, in Markdown and on the report page.</summary>
public sealed class ResultTable
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>Makes an empty table.</summary>
    /// <param name="columns">Its columns in order.</param>
    public ResultTable(params IReadOnlyList<ResultColumn> columns)
    {
        Columns = columns;
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>The rows, a cell a column.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows => _rows;

    /// <summary>The accuracies of models with their 95 % intervals.</summary>
    /// <param name="rows">The accuracies, in the order to show.</param>
    /// <returns>A row each; columns for stop and truncation rate only where one is known.</returns>
    public static ResultTable OfAccuracies(IEnumerable<AccuracyRow> rows)
    {
        var all = rows.ToList();
        List<(ResultColumn Column, Func<AccuracyRow, string> Cell)> columns =
        [
            (new("model", false), row => row.Name),
            (new("split", false), row => row.Split),
            (new("answer read", false), row => row.Extraction),
            (new("accuracy", true), row => ReportNumber.Percent(row.Accuracy)),
            (new("95 % interval", true), row => $"{ReportNumber.Fixed(100 * row.Low, 1)} to {ReportNumber.Fixed(100 * row.High, 1)} %"),
            (new("correct", true), row => $"{ReportNumber.Count(row.Correct)} of {ReportNumber.Count(row.Total)}"),
        ];
        if (all.Exists(row => row.StopRate is not null))
        {
            columns.Add((new("ended", true), row => row.StopRate is { } stop ? ReportNumber.Percent(stop) : "-"));
        }

        if (all.Exists(row => row.TruncationRate is not null))
        {
            columns.Add((new("cut off", true), row => row.TruncationRate is { } cut ? ReportNumber.Percent(cut) : "-"));
        }

        var table = new ResultTable([.. columns.Select(column => column.Column)]);
        all.ForEach(row => table.Add([.. columns.Select(column => column.Cell(row))]));
        return table;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">A text a column.</param>
    /// <returns>This table.</returns>
    /// <exception cref="ArgumentException">Not a cell a column.</exception>
    public ResultTable Add(params IReadOnlyList<string> cells)
    {
        if (cells.Count != Columns.Count)
        {
            throw new ArgumentException($"The table has {Columns.Count} columns, the row {cells.Count} cells.", nameof(cells));
        }

        _rows.Add(cells);
        return this;
    }

    /// <summary>The table for a terminal: columns aligned with spaces, a rule under the headings.</summary>
    /// <returns>Lines, each ended by <c>\n</c>.</returns>
    public string ToText()
    {
        var titles = Columns.Select(column => Plain(column.Title)).ToList();
        var rows = _rows.Select(row => row.Select(Plain).ToList()).ToList();
        var widths = Columns.Select((_, index) => rows.Select(row => Width(row[index])).Append(Width(titles[index])).Max()).ToList();
        var text = new StringBuilder();
        AppendLine(titles);
        AppendLine([.. widths.Select(width => new string('-', width))]);
        rows.ForEach(AppendLine);
        return text.ToString();

        void AppendLine(List<string> cells) =>
            text.Append(string.Join("  ", cells.Select((cell, index) => Pad(cell, widths[index], Columns[index].IsNumber))).TrimEnd()).Append('\n');
    }

    /// <summary>The table in Markdown.</summary>
    /// <returns>Lines, each ended by <c>\n</c>.</returns>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        AppendLine(Columns.Select(column => MarkdownCell(column.Title)));
        AppendLine(Columns.Select(column => column.IsNumber ? "---:" : "---"));
        foreach (var row in _rows)
        {
            AppendLine(row.Select(MarkdownCell));
        }

        return text.ToString();

        void AppendLine(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    /// <summary>The table in HTML, in a frame that scrolls sideways on a narrow screen.</summary>
    /// <param name="writer">Takes it.</param>
    internal void WriteHtml(MarkupWriter writer)
    {
        using var frame = writer.Open("div", ("class", "table"), ("tabindex", "0"));
        using var table = writer.Open("table");
        using (writer.Open("thead"))
        using (writer.Open("tr"))
        {
            foreach (var column in Columns)
            {
                writer.Element("th", column.Title, ("scope", "col"), ("class", column.IsNumber ? "n" : null));
            }
        }

        using (writer.Open("tbody"))
        {
            foreach (var row in _rows)
            {
                using var line = writer.Line().Open("tr");
                for (var index = 0; index < row.Count; index++)
                {
                    writer.Element("td", row[index], ("class", Columns[index].IsNumber ? "n" : null));
                }
            }
        }
    }

    // A name may hold line ends or terminal escapes; a cell is one line that only shows.
    private static string Plain(string cell)
    {
        var result = new StringBuilder(cell.Length);
        foreach (var rune in cell.EnumerateRunes())
        {
            result.Append(rune.Value is '\n' or '\r' or '\t' ? new Rune(' ') : MarkupText.Visible(rune));
        }

        return result.ToString();
    }

    private static string MarkdownCell(string cell) =>
        Plain(cell).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static int Width(string cell) => new StringInfo(cell).LengthInTextElements;

    private static string Pad(string cell, int width, bool right)
    {
        var fill = new string(' ', width - Width(cell));
        return right ? fill + cell : cell + fill;
    }
}

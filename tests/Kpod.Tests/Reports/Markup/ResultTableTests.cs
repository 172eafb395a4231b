using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Tests.Reports.Markup;

public sealed class ResultTableTests
{
    private static readonly AccuracyRow[] Rows =
    [
        new() { Name = "KPOD student", Split = "test", Extraction = "strict", Correct = 31, Total = 150, Low = 0.1497, High = 0.2779, StopRate = 0.987 },
        new() { Name = "base", Split = "test", Extraction = "strict", Correct = 3, Total = 150, Low = 0.0068, High = 0.0571 },
    ];

    [Fact]
    public void Accuracies_for_the_terminal()
    {
        var expected = """
            model         split  answer read  accuracy   95 % interval    correct   ended
            ------------  -----  -----------  --------  --------------  ---------  ------
            KPOD student  test   strict         20.7 %  15.0 to 27.8 %  31 of 150  98.7 %
            base          test   strict          2.0 %    0.7 to 5.7 %   3 of 150       -

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), ResultTable.OfAccuracies(Rows).ToText());
    }

    [Fact]
    public void Accuracies_in_Markdown()
    {
        var expected = """
            | model | split | answer read | accuracy | 95 % interval | correct | ended |
            | --- | --- | --- | ---: | ---: | ---: | ---: |
            | KPOD student | test | strict | 20.7 % | 15.0 to 27.8 % | 31 of 150 | 98.7 % |
            | base | test | strict | 2.0 % | 0.7 to 5.7 % | 3 of 150 | - |

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), ResultTable.OfAccuracies(Rows).ToMarkdown());
    }

    [Fact]
    public void Columns_that_no_row_fills_are_left_out()
    {
        var table = ResultTable.OfAccuracies(Rows.Select(row => row with { StopRate = null }));
        Assert.DoesNotContain(table.Columns, column => column.Title is "ended" or "cut off");
        Assert.Contains(ResultTable.OfAccuracies(Rows.Select(row => row with { TruncationRate = 0.1 })).Columns, column => column.Title == "cut off");
    }

    [Fact]
    public void A_cell_stays_one_line_and_cannot_steer_the_terminal_or_the_table()
    {
        var table = new ResultTable(new ResultColumn("name", false)).Add("a|b\n\u001b[2J<i>\\");
        Assert.Equal("name\n---------------\na|b ␛[2J<i>\\\n".Replace("---------------", new string('-', 12), StringComparison.Ordinal), table.ToText());
        Assert.Equal("| name |\n| --- |\n| a\\|b ␛[2J&lt;i>\\\\ |\n", table.ToMarkdown());
    }

    [Fact]
    public void Letters_with_marks_keep_the_columns_aligned()
    {
        var table = new ResultTable(new ResultColumn("name", false), new ResultColumn("n", true)).Add("Zoe\u0308", "1").Add("Zora", "2");
        Assert.Equal("name  n\n----  -\nZoe\u0308   1\nZora  2\n", table.ToText());
    }

    [Fact]
    public void A_row_of_another_length_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new ResultTable(new ResultColumn("a", false)).Add("1", "2"));
        Assert.StartsWith("The table has 1 columns, the row 2 cells.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_no_questions_has_accuracy_0() => Assert.Equal(0, (Rows[0] with { Correct = 0, Total = 0 }).Accuracy);
}

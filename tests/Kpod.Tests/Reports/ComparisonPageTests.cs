using Kpod.Distillation.Options;
using Kpod.Evaluation;
using Kpod.Reports;
using Kpod.Reports.Records;

namespace Kpod.Tests.Reports;

public sealed class ComparisonPageTests
{
    [Fact]
    public void Runs_are_shown_side_by_side()
    {
        var html = ComparisonPage.Render("two runs", [DemoRun.Kpod(), DemoRun.Cot()]);
        PageReader.AssertIsSound(html);
        var page = PageReader.Read(html);
        Assert.Equal(["runs", "accuracy", "pairs", "loss", "recipes", "environments", "times"], page.SectionIds());
        Assert.Empty(page.OfClass("absence"));
        Assert.Equal("The runs took the same number of optimizer steps.", page.Section("runs").Elements("p").Single().Value);
        var losses = page.OfClass("chart").Single(chart => chart.Element("title")!.Get("id") == "chart-losses-on-wide-t");
        Assert.Equal(["line c1", "line c2 dash1"], losses.OfClass("line").Select(line => line.Get("class")));
    }

    [Fact]
    public void A_students_row_bears_its_runs_name_and_a_common_base_is_shown_once()
    {
        var rows = ComparisonPage.AccuracyRowsOf([DemoRun.Kpod(), DemoRun.Cot()]);
        Assert.Equal(
            ["svamp-smollm2 test strict", "svamp-smollm2 test flexible", "svamp-smollm2-cot test strict", "svamp-smollm2-cot test flexible", "base test strict", "base test flexible"],
            rows.Where(row => row.Split == "test").Select(row => $"{row.Name} {row.Split} {row.Extraction}"));
        Assert.Equal(12, rows.Count);
    }

    [Fact]
    public void Bases_that_differ_are_named_with_their_run()
    {
        var other = DemoRun.Cot();
        other = other with { Accuracies = [.. other.Accuracies.Select(row => row.Name == "base" ? row with { Correct = 9 } : row)] };
        var names = ComparisonPage.AccuracyRowsOf([DemoRun.Kpod(), other]).Select(row => row.Name).Distinct().ToList();
        Assert.Equal(["svamp-smollm2", "svamp-smollm2-cot", "base of svamp-smollm2", "base of svamp-smollm2-cot"], names);
    }

    [Fact]
    public void Only_keys_that_differ_are_listed()
    {
        var page = PageReader.Read(ComparisonPage.Render("two runs", [DemoRun.Kpod(), DemoRun.Cot()]));
        var rows = page.Section("recipes").Descendants("tbody").Single().Elements("tr").Select(row => string.Join(" | ", row.Elements("td").Select(cell => cell.Value)));
        Assert.Equal(["method | kpod | cot", "distillation.normalizeWeights | true | -", "schedule.stages | 10 | -"], rows);
        Assert.Equal(["seed | 1 | 2"], page.Section("environments").Descendants("tbody").Single().Elements("tr").Select(row => string.Join(" | ", row.Elements("td").Select(cell => cell.Value))));
    }

    [Fact]
    public void Equal_recipes_and_unequal_training_are_said()
    {
        var run = DemoRun.Kpod();
        var page = PageReader.Read(ComparisonPage.Render("x", [run, run with { Name = "shorter", TrainingLog = [.. run.TrainingLog.Take(100)] }]));
        Assert.Equal("The recipes are the same in every value.", page.Section("recipes").OfClass("absence").Single().Value);
        Assert.StartsWith("The runs did not take the same number of optimizer steps", page.Section("runs").OfClass("callout").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_without_records_still_have_a_page()
    {
        var html = ComparisonPage.Render("x", [new RunReportData { Name = "a", Method = DistillationMethod.Kpod }, DemoRun.Cot()]);
        PageReader.AssertIsSound(html);
        html = ComparisonPage.Render("x", [new RunReportData { Name = "a", Method = DistillationMethod.Kpod }]);
        PageReader.AssertIsSound(html);
        Assert.Equal(["accuracy", "pairs", "loss", "recipes", "environments", "times"], PageReader.Read(html).OfClass("absence").Select(line => line.Parent!.Get("id")));
    }

    [Fact]
    public void Two_students_are_compared_question_by_question()
    {
        GenerationExample Answer(int question, bool correct) => new()
        {
            QuestionId = $"q{question}",
            Split = "test",
            Question = "?",
            GoldAnswer = "1",
            Text = "1",
            ExtractedAnswer = "1",
            Correct = correct,
            Stopped = true,
        };
        RunReportData Run(string name, Func<int, bool> isRight) => new()
        {
            Name = name,
            Method = DistillationMethod.Cot,
            Generations = [.. Enumerable.Range(0, 40).Select(question => Answer(question, isRight(question)))],
        };
        var pair = Assert.Single(PairedRuns.Of([Run("a", question => question < 20), Run("b", question => question is >= 8 and < 22)]));
        Assert.Equal(("a", "b", "test"), (pair.First, pair.Second, pair.Split));
        Assert.Equal(new PairedComparison(12, 8, 2, 18), pair.Comparison);
        var html = ComparisonPage.Render("x", [Run("a", question => question < 20), Run("b", question => question is >= 8 and < 22)]);
        var cells = PageReader.Read(html).Section("pairs").Descendants("td").Select(cell => cell.Value);
        Assert.Equal(["a", "b", "test", "15.0 points", "12", "8", "2", "18", "0.109"], cells);
    }

    [Fact]
    public void Hostile_names_stay_text()
    {
        const string Hostile = "\"><script>alert(1)</script>";
        PageReader.AssertIsSound(ComparisonPage.Render(Hostile, [DemoHostility.Spread(DemoRun.Kpod(), Hostile), DemoRun.Cot()]));
    }

    [Fact]
    public void A_comparison_of_nothing_is_refused() => Assert.Throws<ArgumentException>(() => ComparisonPage.Render("x", []));
}

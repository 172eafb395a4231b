using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Kpod.Distillation.Options;
using Kpod.ProgressiveSchedule;
using Kpod.RationaleGeneration.Quality;
using Kpod.Reports;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;
using Kpod.StepDifficulty;
using Kpod.Testing;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Tests.Reports;

public sealed class RunPageTests
{
    private const string Hostile = "\"'></title></style></script><script>alert(1)</script><img src=x onerror=alert(1)>&amp;]]>-->\u0000\u001b\u202e\ud800{{7*7}}";

    private static readonly string[] Order = ["run", "accuracy", "rationales", "weights", "difficulty", "schedule", "training", "generations", "times", "recipe"];

    [Fact]
    public void A_whole_run_shows_every_section_in_the_order_of_the_paper()
    {
        var html = RunPage.Render(DemoRun.Kpod());
        PageReader.AssertIsSound(html);
        var page = PageReader.Read(html);
        Assert.Equal(Order, page.SectionIds());
        Assert.Empty(page.OfClass("absence"));
        Assert.Equal(Order.Select(id => "#" + id), page.Descendants("nav").Single().Elements("a").Select(link => link.Get("href")));
        Assert.Equal("svamp-smollm2", page.Descendants("h1").Single().Value);
        string[] charts = ["accuracy", "rationales", "right", "w", "answer-loss", "kinds", "quantiles", "predictor", "difficulty", "positions", "schedule", "given", "clusters", "loss", "rate", "steps-given", "tokens", "norm", "times"];
        Assert.Equal(charts, page.OfClass("chart").Select(chart => chart.Element("title")!.Get("id")!).Where(id => !id.Contains("on-narrow", StringComparison.Ordinal)).Select(id => id["chart-".Length..^2].Replace("-on-wide", string.Empty, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_heat_map_shows_at_least_twenty_rationales_with_steps_and_weights()
    {
        var data = DemoRun.Kpod();
        var maps = PageReader.Read(RunPage.Render(data)).Section("weights").OfClass("item").ToList();
        Assert.Equal(24, maps.Count);
        var first = maps[0].OfClass("heat").Single();
        var tokens = data.TokenWeights![0].Tokens;
        Assert.Equal(tokens.Select(token => token.Text), first.Elements("b").Select(token => token.Value));
        Assert.Equal(tokens.Select(token => ReportNumber.Fixed(token.Weight, 3)), first.Elements("b").Select(token => token.Get("title")!.Split(' ')[1].TrimEnd(',')));
        Assert.Equal(["1", "2", "3"], first.Elements("i").Select(mark => mark.Value));
        Assert.Equal(30, PageReader.Read(RunPage.Render(data with { HeatMaps = 100 })).Section("weights").OfClass("item").Count());
    }

    [Fact]
    public void The_teachers_are_a_table_with_costs_only_where_they_are_known()
    {
        var data = DemoRun.Kpod();
        string[][] Table(RunReportData shown)
        {
            var table = PageReader.Read(RunPage.Render(shown)).Section("rationales").Descendants("table").Single(table => table.Descendants("th").First().Value == "teacher");
            return [.. table.Descendants("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray())];
        }

        Assert.Equal(
            [
                ["teacher", "rationales", "right", "accuracy", "kept", "words (95 % below)", "steps (95 % below)", "tokens written (95 % below)", "cost", "cost of a right one"],
                ["gpt-3.5-turbo", "1,500", "1,180", "78.7 %", "1,164", "55 (118)", "3 (7)", "76 (160)", "0.183 USD for 1,200", "-"],
                ["SmolLM2-1.7B-Instruct", "400", "235", "58.8 %", "234", "80 (170)", "5 (9)", "-", "-", "-"],
            ],
            Table(data));
        var quality = data.RationaleSummary!.Quality!;
        RunReportData With(params TeacherFigures[] teachers) => data with { RationaleSummary = data.RationaleSummary with { Quality = quality with { Teachers = teachers } } };
        Assert.Equal(["1.00 EUR", "0.0100 EUR"], Table(With(quality.Teachers[0] with { Samples = 200, Costed = 200, Correct = 100, Cost = 1, Currency = "EUR" }))[1][^2..]);
        Assert.Equal(["several currencies", "-"], Table(With(quality.Teachers[0] with { Cost = null, Currency = null }))[1][^2..]);
        Assert.Equal(7, Table(With(quality.Teachers[1]))[0].Length);
        var text = PageReader.Read(RunPage.Render(data)).Section("rationales").Value;
        Assert.Contains("641 of 700 training questions have at least one rationale that gives the gold answer. Of all rationales 38 give no answer, 20 were cut off, 2 were refused, 1 is empty. 14 repeat an earlier one of the question word for word, 63 nearly so.", text, StringComparison.Ordinal);

        // One rationale a question needs no chart of how many are right.
        var single = data with { RationaleSummary = data.RationaleSummary with { Quality = quality with { SamplesPerQuestion = new Dictionary<int, int> { [0] = 3, [1] = 697 } } } };
        Assert.DoesNotContain("chart-right", RunPage.Render(single), StringComparison.Ordinal);

        // How they ended is told where it is known of any.
        string Ends(RunReportData shown) => string.Join(' ', PageReader.Read(RunPage.Render(shown)).Section("rationales").Descendants("td").Select(cell => cell.Value));
        Assert.Contains("stop 1,480 77.9 % unknown 400 21.1 % length 20 1.1 %", Ends(data), StringComparison.Ordinal);
        var unknown = data with { RationaleSummary = data.RationaleSummary with { Quality = quality with { FinishReasons = new Dictionary<string, int> { ["unknown"] = 1900 } } } };
        Assert.DoesNotContain("unknown 1,900", Ends(unknown), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_right_and_ten_wrong_answers_are_shown_and_more_of_one_kind_where_the_other_is_short()
    {
        var data = DemoRun.Kpod();
        (int Right, int Wrong) Shown(IReadOnlyList<GenerationExample> generations)
        {
            var section = PageReader.Read(RunPage.Render(data with { Generations = generations })).Section("generations");
            return (section.OfClass("right").Count(), section.OfClass("wrong").Count());
        }

        Assert.Equal((10, 10), Shown(data.Generations));
        Assert.Equal((17, 3), Shown([.. data.Generations.Concat(DemoProblems.Generations(30)).Where(example => example.Correct), .. data.Generations.Where(example => !example.Correct).Take(3)]));
        Assert.Equal((2, 18), Shown([.. data.Generations.Where(example => example.Correct).Take(2), .. data.Generations.Where(example => !example.Correct)]));
    }

    [Fact]
    public void Plain_distillation_says_why_it_has_no_weights_difficulties_and_schedule()
    {
        var page = PageReader.Read(RunPage.Render(DemoRun.Cot()));
        Assert.Equal(Order, page.SectionIds());
        Assert.Equal(["weights", "difficulty", "schedule"], page.OfClass("absence").Select(line => line.Parent!.Get("id")));
        Assert.All(page.OfClass("absence"), line => Assert.StartsWith("This method (plain CoT) has no ", line.Value, StringComparison.Ordinal));
        Assert.Contains("Loss, epoch by epoch", page.Section("training").Value, StringComparison.Ordinal);
        Assert.DoesNotContain(page.OfClass("chart"), chart => chart.Element("title")!.Get("id") == "chart-steps-given-t");
    }

    [Fact]
    public void A_run_that_has_only_begun_says_in_one_line_what_is_missing()
    {
        var html = RunPage.Render(new RunReportData { Name = "begun", Method = DistillationMethod.Kpod });
        PageReader.AssertIsSound(html);
        var page = PageReader.Read(html);
        Assert.Equal(Order, page.SectionIds());
        Assert.Equal(Order[1..], page.OfClass("absence").Select(line => line.Parent!.Get("id")));
        Assert.Equal("This run has no schedule: the stage is not finished, or the recipe leaves it out.", page.Section("schedule").OfClass("absence").Single().Value);
        Assert.Empty(page.OfClass("tiles"));
    }

    [Fact]
    public void Uniform_weights_show_no_mask_learning()
    {
        var data = DemoRun.Kpod();
        var uniform = data.TokenWeights!.Select(item => item with { Tokens = [.. item.Tokens.Select(token => token with { Weight = 1 })] }).ToList();
        var section = PageReader.Read(RunPage.Render(data with { TokenWeights = uniform, MaskLearning = null, TokenWeightSource = "uniform" })).Section("weights");
        Assert.Equal("The weights were not learned in this run, so there is nothing to show of their learning.", section.OfClass("absence").Single().Value);
        Assert.All(section.OfClass("item").SelectMany(item => item.Descendants("b")), token => Assert.Equal("h10", token.Get("class")));
    }

    [Fact]
    public void Hostile_text_stays_text_wherever_it_stands()
    {
        var html = RunPage.Render(DemoHostility.Spread(DemoRun.Kpod(), Hostile));
        PageReader.AssertIsSound(html);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', html);
        Assert.Equal(html, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(html)));
        var page = PageReader.Read(html);
        var shown = MarkupVisible(Hostile);
        foreach (var id in Order.Except(["difficulty", "training"])) // which hold figures alone
        {
            Assert.Contains(shown, page.Section(id).Value, StringComparison.Ordinal);
        }

        Assert.Equal(shown, page.Descendants("h1").Single().Value);
        Assert.Equal(shown, page.Descendants("pre").Single().Value);
    }

    [Fact]
    public void The_policy_of_the_page_allows_its_own_script_and_nothing_else()
    {
        var page = PageReader.Read(RunPage.Render(DemoRun.Kpod()));
        var policy = page.Descendants("meta").Single(meta => meta.Get("http-equiv") == "Content-Security-Policy").Get("content")!;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.Descendants("script").Single().Value)));
        Assert.Equal($"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'", policy);
    }

    [Fact]
    public void Numbers_that_went_astray_leave_gaps_and_break_nothing()
    {
        var data = DemoRun.Kpod();
        var log = data.TrainingLog.Select((point, index) => index % 3 == 0 ? point with { Loss = double.NaN, GradientNorm = double.PositiveInfinity } : point).ToList();
        var difficulties = data.Difficulties!.Select((item, index) => index == 0 ? item with { Steps = [.. item.Steps.Select(step => step with { Difficulty = double.NaN })] } : item).ToList();
        var weights = data.TokenWeights!.Select((item, index) => index == 0 ? item with { Tokens = [.. item.Tokens.Select(token => token with { Weight = double.NaN })] } : item).ToList();
        var mask = data.MaskLearning! with { AnswerLoss = new AnswerLossByQuarter([double.NaN, 1], [], [1, 2, 3, 4], [1, 2, 3, double.PositiveInfinity]), MeanWeights = new MeanTokenWeights(null, double.NaN, 0.1, 0.1) };
        foreach (var variant in new[] { data with { TrainingLog = log, Difficulties = difficulties, TokenWeights = weights, MaskLearning = mask }, data with { TrainingLog = [.. log.Where(point => double.IsNaN(point.Loss))] } })
        {
            var html = RunPage.Render(variant);
            PageReader.AssertIsSound(html);
            Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", html, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_smallest_run_has_a_page()
    {
        var data = DemoRun.Kpod();
        var one = data with
        {
            TrainingLog = [data.TrainingLog[0]],
            TokenWeights = [data.TokenWeights![0]],
            Difficulties = [data.Difficulties![0] with { Steps = [data.Difficulties[0].Steps[0]] }],
            Schedule = data.Schedule! with { Rationales = [], InitialGivenSteps = [], MaximumDifficulty = 0, InitialDifficulty = 0, Stages = [new StagePlan(1, 0, 0, [], [], [])] },
            Accuracies = [data.Accuracies[0] with { Correct = 0, Low = 0, High = 0 }],
            StageTimes = [new StageTime("all", 0)],
            Generations = [data.Generations[0]],
        };
        PageReader.AssertIsSound(RunPage.Render(one));
        PageReader.AssertIsSound(RunPage.Render(one with { TokenWeights = [new RationaleTokenWeights { QuestionId = "q", Sample = 0, Tokens = [] }], Difficulties = [new RationaleDifficulty { QuestionId = "q", Sample = 0, Steps = [] }] }));
    }

    [Fact]
    public void A_demo_page_and_one_of_a_large_run_stay_small()
    {
        var demo = Encoding.UTF8.GetByteCount(RunPage.Render(DemoRun.Kpod()));
        var large = Encoding.UTF8.GetByteCount(RunPage.Render(DemoRun.Large()));
        TestContext.Current.TestOutputHelper!.WriteLine($"demo {demo:N0} bytes, large {large:N0} bytes");
        Assert.InRange(demo, 50_000, 400_000);
        Assert.InRange(large, 50_000, 1_000_000);
        PageReader.AssertIsSound(RunPage.Render(DemoRun.Large()));
    }

    [Fact]
    public void The_same_records_give_the_same_page() => Assert.Equal(RunPage.Render(DemoRun.Kpod()), RunPage.Render(DemoRun.Kpod()));

    [Fact]
    public void The_figures_of_the_charts_are_those_of_the_records()
    {
        var data = DemoRun.Kpod();
        var page = PageReader.Read(RunPage.Render(data));
        var given = page.OfClass("chart").Single(chart => chart.Element("title")!.Get("id") == "chart-given-t");
        var stage = data.Schedule!.Stages[6];
        var full = stage.GivenSteps.Count(steps => steps == 0) / (double)stage.GivenSteps.Count;
        Assert.Contains(given.Descendants("rect"), bar => bar.Element("title")!.Value == $"stage 7: none given: {ReportNumber.Percent(full)}");
        var clusters = page.OfClass("chart").Single(chart => chart.Element("title")!.Get("id") == "chart-clusters-t");
        Assert.Equal(data.Schedule.Stages.Sum(plan => plan.SelectedPerCluster.Count(count => count > 0)), clusters.Descendants("rect").Count());
        var accuracy = page.Section("accuracy").Descendants("tbody").Single().Elements("tr").First();
        Assert.Equal(["KPOD student", "test", "strict", "20.7 %", "15.0 to 27.8 %", "31 of 150", "98.7 %", "1.3 %"], accuracy.Elements("td").Select(cell => cell.Value));
    }

    [Fact]
    public void Warnings_of_the_run_and_of_the_schedule_are_each_shown_once()
    {
        var data = DemoRun.Kpod();
        var page = PageReader.Read(RunPage.Render(data with { Warnings = ["first", "cannot finish"], Schedule = data.Schedule! with { Warnings = ["cannot finish"] } }));
        Assert.Equal(["run: first", "schedule: cannot finish"], page.OfClass("callout").Select(line => $"{line.Parent!.Get("id")}: {line.Value}"));
    }

    [Fact]
    public void The_page_is_written_whole_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.FullPath, "08-report.html");
        RunPage.Write(path, DemoRun.Cot());
        Assert.Equal(RunPage.Render(DemoRun.Cot()), File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.FullPath));
    }

    [Fact]
    public void The_demo_pages_can_be_looked_at()
    {
        // Set KPOD_DEMO_REPORTS to a folder to keep the pages and open them in a browser.
        using var temporary = new TemporaryFolder();
        var folder = Environment.GetEnvironmentVariable("KPOD_DEMO_REPORTS") is { Length: > 0 } kept ? kept : temporary.FullPath;
        RunPage.Write(Path.Combine(folder, "run.html"), DemoRun.Kpod());
        RunPage.Write(Path.Combine(folder, "run-cot.html"), DemoRun.Cot());
        RunPage.Write(Path.Combine(folder, "run-large.html"), DemoRun.Large());
        RunPage.Write(Path.Combine(folder, "run-hostile.html"), DemoHostility.Spread(DemoRun.Kpod(), Hostile));
        ComparisonPage.Write(Path.Combine(folder, "compare.html"), "SVAMP, SmolLM2-135M: KPOD and plain CoT", [DemoRun.Kpod(), DemoRun.Cot()]);
        Assert.All(["run", "run-cot", "run-large", "run-hostile", "compare"], page => PageReader.AssertIsSound(File.ReadAllText(Path.Combine(folder, $"{page}.html"))));
    }

    private static string MarkupVisible(string text) => XElement.Parse($"<p>{MarkupText.Escape(text)}</p>").Value;
}

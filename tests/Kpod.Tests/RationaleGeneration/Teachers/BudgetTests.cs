using Kpod.RationaleGeneration.Teachers;
using Kpod.RationaleGeneration.Teachers.Budget;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Runs;
using Kpod.Testing;
using static Kpod.Tests.RationaleGeneration.Teachers.TeacherTestBed;

namespace Kpod.Tests.RationaleGeneration.Teachers;

public sealed class BudgetTests
{
    // An answer of the test server costs (10 * 1000 + 20 * 2000) / 1e6 = 0.05.
    private const string Prices = "currency: USD\nmodels:\n  - { name: fake-model, input: 1000, output: 2000 }\n";

    [Fact]
    public async Task The_budget_stops_the_work_before_it_is_passed_and_a_higher_one_goes_on()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("prices.yaml"), Prices);
        await using var server = await TeacherServer.StartAsync(call => Right(call) with { Delay = TimeSpan.FromMilliseconds(call.Number % 5) });

        // The most that a call may cost is (2 * 16 * 1000 + 50 * 2000) / 1e6 = 0.132, so the last one starts at 0.85.
        var options = Options(server, folder.PathOf("answers.db")) with { Prices = folder.PathOf("prices.yaml"), Budget = 1, MaximumTokens = 50, Concurrency = 4 };
        var stop = await Assert.ThrowsAsync<WorkFailedException>(() => AskAsync(options, Questions(100)));
        Assert.Equal(18, server.Paid.Values.Sum());
        Assert.Equal(
            $"The budget of 1 USD is reached: 18 answers cost 0.90 USD, and the next call could pass it. 82 requests are left, for about 4.592 USD. All answers are kept in {options.Store}; raise the budget and run the same command to go on.",
            stop.Message);
        using (var store = TeacherStore.OpenToRead(options.Store))
        {
            Assert.Equal(18, store.Count);
            Assert.All(store.All(), stored => Assert.Equal((0.05m, "USD"), (stored.Answer.Cost, stored.Answer.Currency)));
        }

        // What the store holds counts: the same budget buys nothing more.
        await Assert.ThrowsAsync<WorkFailedException>(() => AskAsync(options, Questions(100)));
        Assert.Equal(18, server.Paid.Values.Sum());
        var result = await AskAsync(options with { Budget = 10 }, Questions(100));
        Assert.Equal((100, 82, 5m, "USD"), (result.Usage.Answers, result.Usage.Asked, result.Usage.Cost, result.Usage.Currency));
        Assert.Equal(100, server.Paid.Values.Sum());
    }

    [Fact]
    public async Task The_progress_tells_what_was_spent_and_what_it_will_come_to()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("prices.yaml"), Prices);
        await using var server = await TeacherServer.StartAsync(call => call.Prompt.Contains("3 + 1", StringComparison.Ordinal) ? TeacherServerReply.Answer("No idea.") : Right(call));
        var options = Options(server, folder.PathOf("answers.db")) with { Prices = folder.PathOf("prices.yaml"), Concurrency = 1, Resamples = 2 };
        var reports = new Reports();
        using var session = TeacherSession.Open(options, seed: 1, asks: true, _ => Key, TimeProvider.System, reports);
        await session.Generator.GenerateAsync(Questions(4), TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "1 of 4: 0.05 USD so far, about 0.20 in all", "2 of 4: 0.10 USD so far, about 0.20 in all", "3 of 4: 0.15 USD so far, about 0.20 in all", "4 of 4: 0.20 USD so far, about 0.20 in all",
                "5 of 6: 0.25 USD so far, about 0.30 in all", "6 of 6: 0.30 USD so far, about 0.30 in all",
            ],
            reports.Lines);
    }

    [Fact]
    public async Task Without_a_count_of_the_server_tokens_are_guessed_so_that_a_budget_holds()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("prices.yaml"), Prices);
        await using var server = await TeacherServer.StartAsync(_ => new TeacherServerReply(200, """{"choices":[{"message":{"content":"twelve bytes"}}]}"""));
        var result = await AskAsync(Options(server, folder.PathOf("answers.db")) with { Prices = folder.PathOf("prices.yaml") }, Questions(1));
        Assert.Equal(0.022m, result.Usage.Cost); // 16 tokens of the prompt, 3 of the answer
    }

    [Theory]
    [InlineData("currency: USD\nmodels:\n  - { nmae: fake-model, input: 1, output: 2 }\n", "line 3, column 7: models[0].nmae is no key of a price file. Did you mean name?")]
    [InlineData("currency: USD\nmodels:\n  - { name: fake-model, input: one, output: 2 }\n", "line 3, column 32: models[0].input is 'one'; it takes a number.")]
    [InlineData("currency: USD\nmodels:\n  - { name: fake-model, input: -1, output: 2 }\n", "the model 'fake-model' has the prices -1 and 2; a price is 0 or more.")]
    [InlineData("currency: USD\nmodels:\n  - { name: m, input: 1, output: 2 }\n  - { name: m, input: 1, output: 2 }\n", "the model 'm' stands there 2 times; keep one.")]
    [InlineData("models:\n  - { name: fake-model, input: 1, output: 2 }\n", "currency is missing.")]
    [InlineData("- gpt\n", "a price file is one YAML mapping with the keys currency and models.")]
    [InlineData("currency: USD\nmodels: []\n", "models is empty; list at least one.")]
    public void A_slip_in_the_prices_is_named_with_its_place(string text, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("prices.yaml"), text);
        var fault = Assert.Throws<KpodException>(() => PriceFile.Find(folder.PathOf("prices.yaml"), "fake-model")).Message;
        Assert.Contains(folder.PathOf("prices.yaml"), fault, StringComparison.Ordinal);
        Assert.Contains(message, fault, StringComparison.Ordinal);
    }

    private sealed class Reports : IProgress<StageProgress>
    {
        public List<string> Lines { get; } = [];

        public void Report(StageProgress value) => Lines.Add($"{value.Done} of {value.Total}: {value.Note}");
    }
}

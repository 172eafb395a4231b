using System.Text.Json;
using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Batches;

namespace Kpod.Tests.RationaleGeneration.Teachers.Batches;

public sealed class BatchExportTests
{
    [Fact]
    public async Task Each_request_without_an_answer_is_a_line_that_openai_and_vllm_read()
    {
        using var bed = new BatchBed(questions: 3, samples: 2);
        bed.Answer(1, 0, "1 + 1 = 2.");
        var export = await bed.ExportAsync("out");
        Assert.Equal([bed.PathOf("out", "requests-0001.jsonl")], export.Files);
        Assert.Equal((5, 0), (export.Requests, export.LeftForBudget));
        var text = File.ReadAllText(export.Files[0]);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        var lines = text.TrimEnd('\n').Split('\n');
        Assert.Equal(new[] { (0, 0), (0, 1), (1, 1), (2, 0), (2, 1) }.Select(item => bed.Request(item.Item1, item.Item2).Hash), lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("custom_id").GetString()));
        Assert.Equal(
            $$$"""{"custom_id":"{{{bed.Request(0, 1).Hash}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"Q: What is 0 + 1? A: Let's think step by step."}],"temperature":0.7,"max_completion_tokens":64,"seed":6}}""",
            lines[1]);
    }

    [Fact]
    public async Task The_most_tokens_are_called_as_the_server_calls_them()
    {
        using var bed = new BatchBed(questions: 1);
        var export = await bed.Batch().ExportAsync(bed.Questions, bed.PathOf("out"), new Uri("http://localhost:8000/v1"), new BatchOptions());
        Assert.Contains("\"max_tokens\":64", File.ReadAllText(export.Files[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_hold_no_more_requests_and_bytes_than_the_limits_say()
    {
        using var bed = new BatchBed(questions: 25, samples: 1);
        var whole = (await bed.ExportAsync("whole")).Files.Single();
        var all = File.ReadAllLines(whole);
        Assert.Equal(25, all.Length);

        var byCount = (await bed.ExportAsync("count", new BatchOptions { MaximumRequests = 10 })).Files;
        Assert.Equal(["requests-0001.jsonl", "requests-0002.jsonl", "requests-0003.jsonl"], byCount.Select(Path.GetFileName));
        Assert.Equal([10, 10, 5], byCount.Select(path => File.ReadLines(path).Count()));
        Assert.Equal(all, byCount.SelectMany(File.ReadLines));

        var limit = new FileInfo(whole).Length / 2;
        var byBytes = (await bed.ExportAsync("bytes", new BatchOptions { MaximumBytes = limit })).Files;
        Assert.InRange(byBytes.Count, 2, 3);
        Assert.All(byBytes, path => Assert.InRange(new FileInfo(path).Length, path == byBytes[^1] ? 1 : limit - 400, limit));
        Assert.Equal(all, byBytes.SelectMany(File.ReadLines));

        // A file may be filled to its last byte.
        Assert.Equal([25], (await bed.ExportAsync("exact", new BatchOptions { MaximumBytes = limit * 2, MaximumRequests = 25 })).Files.Select(path => File.ReadLines(path).Count()));
        Assert.Equal((50_000, 200_000_000), (new BatchOptions().MaximumRequests, new BatchOptions().MaximumBytes));
    }

    [Fact]
    public async Task A_request_that_fits_no_file_and_an_earlier_export_are_refused()
    {
        using var bed = new BatchBed(questions: 1);
        var tooLarge = await Assert.ThrowsAsync<KpodException>(() => bed.ExportAsync("out", new BatchOptions { MaximumBytes = 100 }));
        Assert.Matches($"^the request {bed.Request(0, 0).Hash} takes \\d{{3}} bytes, more than a batch file may have \\(100\\); raise --batch-bytes", tooLarge.Message);
        Assert.False(Directory.Exists(bed.PathOf("out")));
        await bed.ExportAsync("out");
        var again = await Assert.ThrowsAsync<KpodException>(() => bed.ExportAsync("out"));
        Assert.Contains("holds the files of an earlier export", again.Message, StringComparison.Ordinal);
        Assert.Equal(["--batch-requests is 0; it must be 1 or more.", "--batch-bytes is -1; it must be 1 or more."], new BatchOptions { MaximumRequests = 0, MaximumBytes = -1 }.Check("--"));
    }

    [Fact]
    public async Task Where_nothing_is_left_no_file_is_written()
    {
        using var bed = new BatchBed(questions: 1);
        bed.Answer(0, 0, "0 + 1 = 1.");
        var export = await bed.ExportAsync("out");
        Assert.Equal((0, 0), (export.Files.Count, export.Requests));
        Assert.False(Directory.Exists(bed.PathOf("out")));
    }

    [Fact]
    public async Task The_same_question_twice_is_one_request()
    {
        using var bed = new BatchBed(questions: 2);
        Question[] twice = [bed.Questions[0], bed.Questions[0] with { Id = "copy" }, bed.Questions[1]];
        Assert.Equal(2, (await bed.Batch().ExportAsync(twice, bed.PathOf("out"), BatchBed.OpenAi, new BatchOptions())).Requests);
    }

    [Fact]
    public async Task A_further_sample_comes_where_all_samples_are_there_and_wrong_and_one_at_a_time()
    {
        using var bed = new BatchBed(questions: 4, samples: 2, resamples: 2);
        bed.Answer(0, 0, "It is 1.");
        bed.Answer(0, 1, "It is 9."); // question 0 has a right one
        bed.Answer(1, 0, "It is 9.");
        bed.Answer(1, 1, "It is 9."); // question 1 has none
        bed.Answer(2, 0, "It is 9."); // question 2 is not done
        Assert.Equal([(1, 2), (2, 1), (3, 0), (3, 1)], await bed.ExportedAsync("first"));
        bed.Answer(1, 2, "Still 9.");
        Assert.Equal([(1, 3), (2, 1), (3, 0), (3, 1)], await bed.ExportedAsync("second"));
        bed.Answer(1, 3, "And 9 again.");
        Assert.Equal([(2, 1), (3, 0), (3, 1)], await bed.ExportedAsync("third"));
    }

    [Fact]
    public async Task A_second_turn_comes_once_the_first_is_answered()
    {
        using var bed = new BatchBed(questions: 2, prompt: PromptKind.TwoTurn);
        bed.Answer(0, 0, "0 and 1 make 1.");
        var export = await bed.ExportAsync("out");
        var lines = File.ReadAllLines(export.Files.Single());
        Assert.Equal(2, lines.Length);
        Assert.Contains("""{"role":"assistant","content":"0 and 1 make 1."},{"role":"user","content":"Therefore, the answer is"}""", lines[0], StringComparison.Ordinal);
        Assert.Contains(bed.Request(1, 0).Hash, lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_is_exported_than_the_budget_can_bear_at_the_prices_of_a_batch()
    {
        using var bed = new BatchBed(questions: 10, prices: "currency: USD\nmodels:\n  - name: m\n    input: 0\n    output: 1000000\n    batchOutput: 500000\n", budget: 100);

        // 64 tokens at half a dollar each are 32 a request.
        var export = await bed.ExportAsync("out");
        Assert.Equal((3, 7, 96m, "USD"), (export.Requests, export.LeftForBudget, export.MostCost!.Value, export.Currency));
        bed.Answer(0, 0, "0 + 1 = 1.", cost: 40);
        Assert.Equal((1, 8), ((await bed.ExportAsync("second")).Requests, (await bed.ExportAsync("third")).LeftForBudget));
        bed.Answer(1, 0, "1 + 1 = 2.", cost: 40);
        var fault = await Assert.ThrowsAsync<KpodException>(() => bed.ExportAsync("fourth"));
        Assert.Equal("The budget of 100 USD allows no further request: 80.00 USD are spent, and the next can cost up to 32.00. Raise the budget.", fault.Message);
    }
}

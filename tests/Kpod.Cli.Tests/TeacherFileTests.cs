using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary><c>kpod rationales</c> without a server: batch files, shards and stores that are merged, through the real program.</summary>
public sealed class TeacherFileTests
{
    private const int Count = 9;

    private static readonly string[] Teacher = ["--teacher", "openai", "--model", "m", "--endpoint", "http://127.0.0.1:9/v1", "--samples", "2", "--temperature", "0.7", "--seed", "3"];

    [Fact]
    public async Task A_batch_goes_out_comes_back_in_parts_and_the_rationales_need_no_server()
    {
        using var folder = Questions();
        var export = await JsonAsync(folder, ["--store", "answers.db", "--export-batch", "out", "--batch-requests", "10"]);
        Assert.Equal(18, export.GetProperty("requests").GetInt32());
        string[] files = [.. export.GetProperty("files").EnumerateArray().Select(file => folder.PathOf(file.GetString()!))];
        Assert.Equal([10, 8], files.Select(file => File.ReadLines(file).Count()));
        Assert.False(File.Exists(folder.PathOf("answers.db")));

        // The first file comes back with a failed line and a half one.
        var results = File.ReadLines(files[0]).Select(Result).ToArray();
        results[3] = Regex.Replace(results[3], "\"response\":.*", "\"response\":null,\"error\":{\"code\":\"batch_expired\",\"message\":\"too late\"}}");
        results[9] = results[9][..40];
        File.WriteAllLines(folder.PathOf("first.jsonl"), results);
        var import = await JsonAsync(folder, ["--store", "answers.db", "--import-batch", "first.jsonl"]);
        Assert.Equal((10, 8, 10), (import.GetProperty("lines").GetInt32(), import.GetProperty("added").GetInt32(), import.GetProperty("left").GetInt32()));
        Assert.Equal("""{"added":8,"failed":1,"unreadable":1}""", import.GetProperty("outcomes").GetRawText());
        Assert.Equal(["failed", "unreadable"], import.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("outcome").GetString()));

        // What is left is exported again and comes back whole, with what was known already.
        var rest = await JsonAsync(folder, ["--store", "answers.db", "--export-batch", "rest"]);
        Assert.Equal(10, rest.GetProperty("requests").GetInt32());
        File.WriteAllLines(folder.PathOf("rest.jsonl"), File.ReadLines(folder.PathOf("rest", "requests-0001.jsonl")).Select(Result));
        var text = await RunAsync(folder, [.. Teacher, "--store", "answers.db", "--import-batch", "rest.jsonl", "first.jsonl"]);
        Assert.True(text.ExitCode == 0, text.Error);
        Assert.Matches(@"new answers +10\b", text.Output);
        Assert.Matches(@"in the store already +8\b", text.Output);
        Assert.Matches(@"requests still without an answer +0\b", text.Output);
        Assert.Contains("first.jsonl, line 4, ", text.Output, StringComparison.Ordinal);
        Assert.Contains(": too late (batch_expired)", text.Output, StringComparison.Ordinal);
        var again = await RunAsync(folder, [.. Teacher, "--store", "answers.db", "--import-batch", "rest.jsonl"]);
        Assert.Contains("answers.db: nothing was new", again.Output, StringComparison.Ordinal);

        var rationales = await JsonAsync(folder, ["--store", "answers.db", "--replay", "--out", "rationales.jsonl"]);
        Assert.Equal((18, 18), (rationales.GetProperty("rationales").GetInt32(), rationales.GetProperty("correct").GetInt32()));
        var quality = rationales.GetProperty("quality");
        Assert.Equal("""{"2":9}""", quality.GetProperty("samplesPerQuestion").GetRawText());
        var teacher = quality.GetProperty("teachers")[0];
        Assert.Equal(("m", 18, 1.0, 8), (teacher.GetProperty("teacher").GetString(), teacher.GetProperty("samples").GetInt32(), teacher.GetProperty("accuracy").GetDouble(), teacher.GetProperty("outputTokens").GetProperty("median").GetInt32()));
        Assert.Equal(Count, quality.GetProperty("sameText").GetInt32());
        Assert.Equal(Count, File.ReadLines(folder.PathOf("rationales.jsonl")).Count(line => line.Contains("\"duplicateOf\":0,\"overlap\":1,\"dropReason\":\"the same text as another one\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Shards_of_two_machines_merge_to_the_whole_and_merging_again_changes_nothing()
    {
        using var folder = Questions();
        for (var shard = 1; shard <= 2; shard++)
        {
            var export = await JsonAsync(folder, ["--store", $"{shard}.db", "--shard", $"{shard}/2", "--export-batch", $"out{shard}"]);
            var own = Enumerable.Range(0, Count).Count(number => BitConverter.ToUInt64([.. SHA256.HashData(Encoding.UTF8.GetBytes($"q{number}")).Take(8).Reverse()]) % 2 == (ulong)(shard - 1));
            Assert.InRange(own, 1, Count - 1);
            Assert.Equal(2 * own, export.GetProperty("requests").GetInt32());
            File.WriteAllLines(folder.PathOf($"{shard}.jsonl"), File.ReadLines(folder.PathOf($"out{shard}", "requests-0001.jsonl")).Select(Result));
            await JsonAsync(folder, ["--store", $"{shard}.db", "--shard", $"{shard}/2", "--import-batch", $"{shard}.jsonl"]);
        }

        var merge = await RunAsync(folder, ["--merge", "1.db", "2.db", "--store", "all.db", "--json"], questions: false);
        Assert.True(merge.ExitCode == 0, merge.Error);
        Assert.Contains("\"answers\":18,\"merged\":[", merge.Output, StringComparison.Ordinal);
        var again = await RunAsync(folder, ["--merge", "2.db", "all.db", "1.db", "--store", "all.db"], questions: false);
        Assert.Contains("18 answers; nothing was new", again.Output, StringComparison.Ordinal);
        Assert.Equal(18, (await JsonAsync(folder, ["--store", "all.db", "--replay", "--out", "all.jsonl"])).GetProperty("correct").GetInt32());

        // A store in which the teacher said something else.
        using (var store = TeacherStore.OpenToRead(folder.PathOf("1.db")))
        using (var other = TeacherStore.Open(folder.PathOf("other.db")))
        {
            var stored = store.All().First();
            other.Add(stored.Request, stored.Answer with { Text = "something else" });
        }

        var refused = await RunAsync(folder, ["--merge", "other.db", "--store", "all.db"], questions: false);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("The stores contradict each other, so nothing was merged", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "the shard '3/2' is none; give i/n, i from 1 to n", "--store", "a.db", "--shard", "3/2", "--dry-run")]
    [InlineData(true, "--export-batch and --import-batch exclude each other", "--store", "a.db", "--export-batch", "out", "--import-batch", "x.jsonl")]
    [InlineData(true, "--batch-requests is 0; it must be 1 or more", "--store", "a.db", "--export-batch", "out", "--batch-requests", "0")]
    [InlineData(true, "none.jsonl: cannot be read", "--store", "a.db", "--import-batch", "none.jsonl")]
    [InlineData(true, "questions.jsonl, line 1: has no custom_id, so it is no line of a batch's result", "--store", "a.db", "--import-batch", "questions.jsonl")]
    [InlineData(true, "--out goes with a teacher that is asked or replayed alone; leave it out", "--store", "a.db", "--export-batch", "out", "--out", "x.jsonl")]
    [InlineData(true, "--dry-run goes with a teacher that is asked or replayed alone; leave it out", "--store", "a.db", "--import-batch", "x.jsonl", "--dry-run")]
    [InlineData(false, "give either a recipe, or --questions with a file, or --merge with stores", "--store", "a.db")]
    [InlineData(true, "give either a recipe, or --questions with a file, or --merge with stores", "--store", "a.db", "--merge", "b.db")]
    [InlineData(false, "--store is missing; name the store that takes the answers", "--merge", "b.db")]
    [InlineData(false, "--shard, --export-batch and --import-batch go with questions", "--merge", "b.db", "--store", "a.db", "--shard", "1/2")]
    [InlineData(false, "none.db: there is no such store", "--merge", "none.db", "--store", "a.db")]
    public async Task What_does_not_fit_is_said_in_one_message(bool questions, string message, params string[] arguments)
    {
        using var folder = Questions();
        var run = await RunAsync(folder, questions ? [.. Teacher, .. arguments] : arguments, questions);
        Assert.Contains(message, run.ExitCode == 0 ? run.Output : run.Error, StringComparison.Ordinal);
        Assert.Equal(message.Contains("custom_id", StringComparison.Ordinal) ? 0 : 2, run.ExitCode);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private static TemporaryFolder Questions()
    {
        var folder = new TemporaryFolder();
        File.WriteAllLines(folder.PathOf("questions.jsonl"), Enumerable.Range(0, Count).Select(number => $$"""{"id":"q{{number}}","question":"What is {{number}} + 1?","answer":"{{number + 1}}"}"""));
        return folder;
    }

    // What a server makes of a line of the batch.
    private static string Result(string line)
    {
        using var request = JsonDocument.Parse(line);
        var prompt = request.RootElement.GetProperty("body").GetProperty("messages")[0].GetProperty("content").GetString()!;
        var number = int.Parse(Regex.Match(prompt, @"What is (\d+)").Groups[1].Value);
        return $$$"""{"id":"b","custom_id":"{{{request.RootElement.GetProperty("custom_id").GetString()}}}","response":{"status_code":200,"body":{"created":1764150000,"model":"m-1","choices":[{"message":{"content":"{{{number}}} + 1 = {{{number + 1}}}. Therefore, the answer is {{{number + 1}}}."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":8}} },"error":null}""";
    }

    private static async Task<JsonElement> JsonAsync(TemporaryFolder folder, string[] more)
    {
        var run = await RunAsync(folder, [.. Teacher, .. more, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(TemporaryFolder folder, string[] more, bool questions = true) =>
        KpodProcess.RunAsync(folder.FullPath, ["rationales", .. questions ? new[] { "--questions", "questions.jsonl" } : [], .. more]);
}

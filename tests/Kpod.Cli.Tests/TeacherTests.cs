using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kpod.RationaleGeneration.Teachers.Clients;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary><c>kpod rationales</c> against a real server: what it writes, what it costs, what a kill loses, and what it says when it cannot go on.</summary>
public sealed class TeacherTests
{
    private const string Key = "sk-live-9431-very-secret";

    private static readonly Dictionary<string, string> WithKey = new() { [OpenAiChatClient.KeyVariable] = Key };

    [Fact]
    public async Task A_file_of_questions_becomes_rationales_and_the_same_command_again_sends_nothing()
    {
        using var folder = Questions(6);
        await using var server = await TeacherServer.StartAsync(call => call.Prompt.Contains("is 3 +", StringComparison.Ordinal) ? TeacherServerReply.Answer("It is 99.") : Right(call));
        File.WriteAllText(folder.PathOf("prices.yaml"), "currency: USD\nmodels:\n  - { name: fake-model, input: 1000, output: 2000 }\n");
        string[] command = ["--samples", "2", "--seed", "7", "--temperature", "0.5", "--prices", "prices.yaml", "--json"];
        var first = await RunAsync(folder, server, command);
        Assert.True(first.ExitCode == 0, first.Error);
        using var figures = JsonDocument.Parse(first.Output);
        var root = figures.RootElement;
        Assert.Equal((6, 12, 10, 10, 1), (root.GetProperty("questions").GetInt32(), root.GetProperty("rationales").GetInt32(), root.GetProperty("correct").GetInt32(), root.GetProperty("kept").GetInt32() + root.GetProperty("dropped").GetProperty("the same text as another one").GetInt32(), root.GetProperty("questionsWithout").GetInt32()));
        Assert.Equal((12, 12, 0.6m), (root.GetProperty("teacher").GetProperty("answers").GetInt32(), root.GetProperty("teacher").GetProperty("asked").GetInt32(), root.GetProperty("teacher").GetProperty("cost").GetDecimal()));
        var lines = File.ReadAllLines(folder.PathOf("out.jsonl"));
        Assert.Equal(12, lines.Length);
        Assert.StartsWith("""{"questionId":"q0","sample":0,"text":"0 + 1 = 1.","teacher":"fake-model","extractedAnswer":"1","correct":true,"raw":"0 + 1 = 1. Therefore, the answer is 1.","finishReason":"stop","outputTokens":20,"request":""", lines[0], StringComparison.Ordinal);

        var second = await RunAsync(folder, server, command);
        Assert.Equal(12, server.Calls.Count);
        Assert.Contains("\"asked\":0,", second.Output, StringComparison.Ordinal);
        Assert.Equal(lines, File.ReadAllLines(folder.PathOf("out.jsonl")));
        AssertNoKeyIn(folder, first.Output + first.Error + second.Output + second.Error);
    }

    [Fact]
    public async Task A_dry_run_counts_and_prices_and_asks_nobody()
    {
        using var folder = Questions(10);
        await using var server = await TeacherServer.StartAsync(Right);
        File.WriteAllText(folder.PathOf("prices.yaml"), "currency: EUR\nmodels:\n  - { name: fake-model, input: 1000, output: 2000 }\n");
        string[] command = ["--samples", "3", "--temperature", "1", "--max-tokens", "100", "--resamples", "2", "--prices", "prices.yaml"];
        var dry = await RunAsync(folder, server, [.. command, "--dry-run", "--json"]);
        Assert.True(dry.ExitCode == 0, dry.Error);

        // 46 bytes a prompt are 12 tokens, and 4 for the message; answers are taken at half of the most.
        Assert.Equal(
            """{"questions":10,"requests":30,"stored":0,"toAsk":30,"inputTokens":480,"outputTokens":1500,"mostOutputTokens":3000,"mostResamples":20,"spent":0,"cost":3.48,"mostCost":10.8,"currency":"EUR"}""",
            dry.Output.Trim());
        Assert.Empty(server.Calls);
        Assert.False(File.Exists(folder.PathOf("answers.db")));

        var real = await RunAsync(folder, server, [.. command, "--limit", "4"]);
        Assert.True(real.ExitCode == 0, real.Error);
        dry = await RunAsync(folder, server, [.. command, "--dry-run", "--json"]);
        Assert.Contains("\"stored\":12,\"toAsk\":18,", dry.Output, StringComparison.Ordinal);
        Assert.Contains("\"outputTokens\":360,", dry.Output, StringComparison.Ordinal);
        Assert.Contains("\"spent\":0.6", dry.Output, StringComparison.Ordinal);
        Assert.Equal(12, server.Calls.Count);
    }

    [Fact]
    public async Task Killed_at_random_moments_it_loses_no_answer_and_pays_none_twice_but_those_in_flight()
    {
        const int Concurrency = 4;
        const int Requests = 300;
        using var folder = Questions(Requests / 3);
        var random = new Random(20261126);

        // However late a kill comes, no more than a few calls are under way: from the gate on they wait for it.
        var (gate, killed) = (int.MaxValue, new TaskCompletionSource());
        await using var server = await TeacherServer.StartAsync(call => Right(call) with { Delay = TimeSpan.FromMilliseconds(call.Number % 5 * 5), After = call.Number >= Volatile.Read(ref gate) ? killed.Task : null });
        string[] command = ["--samples", "3", "--temperature", "1", "--seed", "1", "--concurrency", $"{Concurrency}"];
        var kills = 0;
        while (kills < 6)
        {
            var before = Stored(folder);
            var calls = server.Calls.Count;
            var until = calls + random.Next(1, 40);
            killed = new TaskCompletionSource();
            Volatile.Write(ref gate, until + random.Next(0, 5));
            using var process = KpodProcess.Start(folder.FullPath, WithKey, Arguments(server, command));
            var reading = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            while (!process.HasExited && server.Calls.Count < until)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(random.Next(0, 50), TestContext.Current.CancellationToken);
            if (process.HasExited)
            {
                Assert.Fail($"it ended before it was killed: {await reading}");
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            kills++;
            Volatile.Write(ref gate, int.MaxValue);
            killed.SetResult();

            Assert.Empty(server.Calls.Skip(calls).Select(Identity).Intersect(before));
            var stored = Stored(folder);
            Assert.Superset(before, stored);
            Assert.InRange(server.Paid.Count - stored.Count, 0, kills * Concurrency);
        }

        var end = await RunAsync(folder, server, command);
        Assert.True(end.ExitCode == 0, end.Error);
        Assert.Equal(Requests, Stored(folder).Count);
        Assert.Equal(Requests, server.Paid.Count);
        Assert.Equal(Requests, File.ReadAllLines(folder.PathOf("out.jsonl")).Length);
        Assert.InRange(server.Paid.Values.Sum() - Requests, 0, kills * Concurrency);
        Assert.InRange(server.Calls.Count - Requests, 0, kills * Concurrency);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_calls_in_flight_and_keeps_their_answers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends SIGINT as a terminal does");
        using var folder = Questions(200);
        await using var server = await TeacherServer.StartAsync(call => Right(call) with { Delay = TimeSpan.FromMilliseconds(100) });
        using var process = KpodProcess.Start(folder.FullPath, WithKey, Arguments(server, ["--concurrency", "4"]));
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (server.Calls.Count < 10)
        {
            Assert.False(process.HasExited, "it ended before it was interrupted");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("kpod: interrupted. What was finished is kept; the same command goes on from here.", await error, StringComparison.Ordinal);
        Assert.Equal(server.Calls.Count, Stored(folder).Count);
        Assert.InRange(server.Calls.Count, 10, 199);
    }

    [Theory]
    [InlineData(401, "invalid_api_key", 2, "cannot be asked: HTTP 401. See that OPENAI_API_KEY is set and right for this server.")]
    [InlineData(404, "model_not_found", 2, "cannot be asked: HTTP 404: the model 'x' does not exist (model_not_found) (error). See the model's name and the endpoint, which ends in /v1 with most servers.")]
    [InlineData(429, "insufficient_quota", 2, "See to the account there.")]
    public async Task What_no_retry_can_mend_is_said_at_once(int status, string code, int exitCode, string message)
    {
        using var folder = Questions(20);
        await using var server = await TeacherServer.StartAsync(_ => TeacherServerReply.Error(status, status == 401 ? $"no such key: {Key}" : "the model 'x' does not exist", code));
        var run = await RunAsync(folder, server, ["--concurrency", "2"]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains($"kpod: The teacher at {server.Endpoint}", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.InRange(server.Calls.Count, 1, 2);
        AssertNoKeyIn(folder, run.Output + run.Error);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_soon()
    {
        using var folder = Questions(20);
        var run = await KpodProcess.RunAsync(folder.FullPath, string.Empty, WithKey, Arguments("http://127.0.0.1:9/v1", []));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("kpod: The teacher at http://127.0.0.1:9/v1 is down: Connection refused", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--endpoint https://api.openai.com/v1", "OPENAI_API_KEY is not set, and api.openai.com asks for a key")]
    [InlineData("--endpoint localhost:8000/v1", "the endpoint 'localhost:8000/v1' is no address; it looks like http://localhost:8000/v1.")]
    [InlineData("--endpoint http://me:pass@host/v1", "the endpoint on host holds a user or a query; give the address alone, and the key in OPENAI_API_KEY.")]
    [InlineData("--endpoint http://h/v1 --samples 0 --budget 1", "2 faults\n  - --samples is 0; it must be 1 or more.\n  - --budget needs --prices: a file with the model's prices.")]
    [InlineData("--endpoint http://h/v1 --samples 2 --temperature 0", "--temperature leaves no chance, so 2 samples would be one and the same")]
    [InlineData("--endpoint http://h/v1 --prices typo.yaml", "typo.yaml, line 3, column 28: models[0].outptu is no key of a price file. Did you mean output?")]
    [InlineData("--endpoint http://h/v1 --prices other.yaml", "other.yaml: has no price of the model 'fake-model', only of gpt; add it.")]
    [InlineData("--endpoint http://h/v1 --prompt few-shot --examples bare.jsonl", "bare.jsonl: the example 'b' has no rationale; add \"rationales\": [{\"text\": \"...\"}] to its line.")]
    [InlineData("--endpoint http://h/v1 --store questions.jsonl", "questions.jsonl: is no SQLite file, so no store of teachers' answers; name another file.")]
    [InlineData("--endpoint http://h/v1 --store none.db --replay", "none.db: there is no such store; name the one that a teacher's answers were written to.")]
    [InlineData("--endpoint http://h/v1 --set seed=2", "--set seed=2: there is no recipe here whose key could be replaced; give a recipe, or the option itself.")]
    [InlineData("--endpoint http://h/v1 --run r", "--run goes with a recipe alone; leave it out.")]
    [InlineData("--endpoint http://h/v1 --format mccKd --checkpoint none", "--checkpoint names none, and there is no ")]
    public async Task Bad_input_is_named_before_anything_is_sent(string arguments, string message)
    {
        using var folder = Questions(3);
        File.WriteAllText(folder.PathOf("typo.yaml"), "currency: USD\nmodels:\n  - { name: gpt, input: 1, outptu: 2 }\n");
        File.WriteAllText(folder.PathOf("other.yaml"), "currency: USD\nmodels:\n  - { name: gpt, input: 1, output: 2 }\n");
        File.WriteAllText(folder.PathOf("bare.jsonl"), """{"id":"b","question":"How many?","answer":"1"}""");
        var given = arguments.Split(' ');
        string[] command = ["rationales", "--questions", "questions.jsonl", "--teacher", "openai", "--model", "fake-model", "--out", "out.jsonl", .. given.Contains("--store") ? given : [.. given, "--store", "answers.db"]];
        var run = await KpodProcess.RunAsync(folder.FullPath, command);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.False(File.Exists(folder.PathOf("out.jsonl")));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_store_is_named_and_can_be_replayed()
    {
        using var folder = Questions(3);
        await using var server = await TeacherServer.StartAsync(Right);
        Assert.Equal(0, (await RunAsync(folder, server, [])).ExitCode);
        Directory.CreateDirectory(folder.PathOf("ro"));
        File.Move(folder.PathOf("answers.db"), folder.PathOf("ro", "answers.db"));
        var kpod = $"OPENAI_API_KEY=k dotnet '{KpodProcess.Program}' rationales --questions questions.jsonl --teacher openai --endpoint {server.Endpoint} --model fake-model --store ro/answers.db --out again.jsonl";
        var start = new ProcessStartInfo("unshare", ["-rm", "sh", "-c", $"mount --bind ro ro && mount -o remount,bind,ro ro || exit 99; {kpod}; echo \"first: $?\"; {kpod} --replay; echo \"second: $?\""]) { WorkingDirectory = folder.FullPath, RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Assert.Skip($"needs unshare, which this machine lacks: {missing.Message}");
        }

        var error = await process!.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode == 99 || error.StartsWith("unshare:", StringComparison.Ordinal), $"needs a read-only folder, which this machine does not allow: {error}");
        process.Dispose();
        Assert.Contains("first: 2", output, StringComparison.Ordinal);
        Assert.Contains($"{folder.PathOf("ro", "answers.db")}: the store cannot be written", error, StringComparison.Ordinal);
        Assert.Contains("second: 0", output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(folder.PathOf("out.jsonl")), File.ReadAllText(folder.PathOf("again.jsonl")));
        Assert.Equal(3, server.Calls.Count);
    }

    private static TemporaryFolder Questions(int count)
    {
        var folder = new TemporaryFolder();
        File.WriteAllLines(folder.PathOf("questions.jsonl"), Enumerable.Range(0, count).Select(number => $$"""{"id":"q{{number}}","question":"What is {{number}} + 1?","answer":"{{number + 1}}"}"""));
        return folder;
    }

    private static TeacherServerReply Right(TeacherServerCall call)
    {
        var number = int.Parse(Regex.Match(call.Prompt, @"What is (\d+)").Groups[1].Value);
        return TeacherServerReply.Answer($"{number} + 1 = {number + 1}. Therefore, the answer is {number + 1}.");
    }

    private static string[] Arguments(TeacherServer server, string[] more) => Arguments(server.Endpoint, more);

    private static string[] Arguments(string endpoint, string[] more) =>
        ["rationales", "--questions", "questions.jsonl", "--teacher", "openai", "--endpoint", endpoint, "--model", "fake-model", "--store", "answers.db", "--out", "out.jsonl", .. more];

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(TemporaryFolder folder, TeacherServer server, string[] more) =>
        KpodProcess.RunAsync(folder.FullPath, string.Empty, WithKey, Arguments(server, more));

    private static string Identity(TeacherServerCall call) => $"{call.Prompt} {Regex.Match(call.Body, "\"seed\":(\\d+)").Groups[1].Value}";

    private static HashSet<string> Stored(TemporaryFolder folder)
    {
        if (!File.Exists(folder.PathOf("answers.db")))
        {
            return [];
        }

        using var store = TeacherStore.OpenToRead(folder.PathOf("answers.db"));
        return [.. store.All().Select(stored => $"{stored.Request.Messages[^1].Text} {stored.Request.Seed}")];
    }

    private static void AssertNoKeyIn(TemporaryFolder folder, string printed)
    {
        Assert.DoesNotContain(Key, printed, StringComparison.Ordinal);
        var files = Directory.GetFiles(folder.FullPath, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("answers.db", StringComparison.Ordinal));
        Assert.All(files, file => Assert.DoesNotContain(Key, File.ReadAllText(file), StringComparison.Ordinal));
    }
}

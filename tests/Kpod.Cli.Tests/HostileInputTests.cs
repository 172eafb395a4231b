using System.Diagnostics;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>Nothing that comes in ends the process or fills the memory: each ends in seconds, with one message and no stack trace, and shows nothing that steers the terminal or tells a secret.</summary>
public sealed class HostileInputTests : IClassFixture<OwnOutputTests.QuickstartFolder>
{
    private readonly OwnOutputTests.QuickstartFolder _quickstart;

    public HostileInputTests(OwnOutputTests.QuickstartFolder quickstart) => _quickstart = quickstart;

    [Theory]
    [InlineData("--run is empty", "data", "kpod.yaml", "--run", "")]
    [InlineData("--run is 'a\\u000ab'", "data", "kpod.yaml", "--run", "a\nb")]
    [InlineData("--out is empty", "export", "run", "--out", "")]
    [InlineData("--out is empty", "compare", "run", "--out", "")]
    [InlineData("--folder is empty", "quickstart", "--small", "--folder", "")]
    [InlineData("the argument 'path' is empty", "inspect", "")]
    [InlineData("name is 'a\\u000ab'", "data", "kpod.yaml", "--set", "name=\"a\\nb\"")]
    [InlineData("name is 'a\\u202eb'", "data", "kpod.yaml", "--set", "name=\"a\\u202Eb\"")]
    [InlineData("distillation.lora.rank is 2147483647", "data", "kpod.yaml", "--set", "distillation.lora.rank=2147483647")]
    [InlineData("--samples is 1000000", "rationales", "--questions", "data/test.jsonl", "--teacher", "openai", "--model", "m", "--store", "s.db", "--out", "o", "--samples", "1000000", "--temperature", "1", "--dry-run")]
    [InlineData("a user or a query", "data", "kpod.yaml", "--run", "new", "--set", "rationales.ask={teacher: openAi, model: m, store: s.db, endpoint: \"https://me:s3cret@h/v1\"}")]
    public async Task A_value_that_is_none_is_named(string message, params string[] arguments)
    {
        using var folder = Copy();
        var error = await RefusedAsync(folder, arguments);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder.PathOf("new")));
    }

    [Fact]
    public async Task All_tokens_may_be_the_most_probable_ones()
    {
        using var folder = Copy();
        var run = await KpodProcess.RunAsync(folder.FullPath, "generate", "run", "--prompt", "What is 1 + 1?", "--top-k", "2147483647", "--max-tokens", "5");
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Theory]
    [InlineData("inspect", "pipe")]
    [InlineData("inspect", "pipe.safetensors")]
    [InlineData("inspect", "/dev/zero")]
    [InlineData("data", "pipe")]
    [InlineData("data", "/dev/zero")]
    public async Task A_pipe_or_device_is_not_waited_for(string verb, string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "makes pipes with mkfifo");
        using var folder = new TemporaryFolder();
        using (var make = Process.Start("mkfifo", [folder.PathOf("pipe"), folder.PathOf("pipe.safetensors")]))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains($"{path}: is no ordinary file but a pipe, socket or device", await RefusedAsync(folder, verb, path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("recipe.yaml")]
    [InlineData("events.jsonl")]
    public async Task A_gigabyte_of_nothing_is_not_read(string file)
    {
        using var folder = Copy();
        File.Delete(folder.PathOf("run", file));
        await using (var sparse = File.Create(folder.PathOf("run", file)))
        {
            sparse.SetLength(1L << 30);
        }

        var run = await KpodProcess.RunAsync(folder.FullPath, "data", "kpod.yaml", "--run", "run");
        Assert.True(run.ExitCode == (file == "recipe.yaml" ? 0 : 2), run.Error);
        Assert.Contains($"{file}", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        if (file == "recipe.yaml")
        {
            File.Delete(folder.PathOf("run", file));
            File.Move(folder.PathOf("run", "recipe.yaml.changed"), folder.PathOf("run", file));
            Assert.Contains("more than the 1048576", await RefusedAsync(folder, "generate", "run", "--prompt", "x"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{% raw %}", "it writes nothing")]
    [InlineData("a\n{% raw %}b", "line 2: Missing end of raw directive")]
    [InlineData("{# a", "line 1: Missing end of comment tag")]
    [InlineData("{{ loop }}", "it writes nothing")]
    [InlineData("{{ self }}", "it writes nothing")]
    [InlineData("{{ ''.__class__ }}", "it writes nothing")]
    [InlineData("{{ messages[99999999999999999999] }}", "it writes nothing")]
    [InlineData("{{ ('a' * 9000).replace('', 'b' * 4000) }}", "more than any model reads")]
    public async Task A_chat_template_with_a_fault_of_its_own_is_named_with_file_and_line(string template, string message)
    {
        using var folder = Copy();
        var model = Directory.GetDirectories(folder.FullPath, "base-*").Single();
        File.WriteAllText(Path.Combine(model, "chat_template.jinja"), template);
        var error = await RefusedAsync(folder, "generate", model, "--chat", "--prompt", "hi");
        Assert.Contains("chat_template.jinja: chat template, line ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_a_character_in_a_configuration_is_no_end()
    {
        using var folder = Copy();
        var adapter = folder.PathOf("run", "06-student", "adapter_config.json");
        File.WriteAllText(adapter, File.ReadAllText(adapter).Replace("\"base_model_name_or_path\": \"", "\"base_model_name_or_path\": \"\\ud83d", StringComparison.Ordinal));
        var run = await KpodProcess.RunAsync(folder.FullPath, "inspect", folder.PathOf("run", "06-student"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_says_does_not_steer_the_terminal()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("q.jsonl"), """{"id":"q\u001b]0;id\u0007","question":"What is 1 + 1?","answer":"2"}""" + "\n");
        await using var server = await TeacherServer.StartAsync(_ => new TeacherServerReply(500, "down \u001b[2J\u202e\u009b", "text/plain"));
        var run = await KpodProcess.RunAsync(
            folder.FullPath, "rationales", "--questions", "q.jsonl", "--teacher", "openai", "--model", "m\u001b[31m", "--endpoint", server.Endpoint, "--store", "s.db", "--out", "o.jsonl", "--attempts", "1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(@"down \u001b[2J\u202e\u009b", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Error + run.Output, character => character is '\u001b' or '\u0007' or '\u202e' or '\u009b');
    }

    [Fact]
    public async Task What_is_drawn_in_a_table_does_not_steer_the_terminal()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("q.jsonl"), """{"id":"q1","question":"What is 1 + 1?","answer":"2"}""" + "\n");
        await using var server = await TeacherServer.StartAsync(_ => TeacherServerReply.Answer("1 + 1 = 2. Therefore, the answer is 2."));
        File.WriteAllText(folder.PathOf("prices.yaml"), "currency: \"U\\eS\"\nmodels:\n  - { name: \"m\\e[31m\", input: 1, output: 1 }\n");
        var run = await KpodProcess.RunAsync(
            folder.FullPath, "rationales", "--questions", "q.jsonl", "--teacher", "openai", "--model", "m\u001b[31m", "--endpoint", server.Endpoint, "--store", "s.db", "--out", "o.jsonl", "--prices", "prices.yaml");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("m␛[31m", run.Output, StringComparison.Ordinal);
        Assert.Contains(@"U\u001bS", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task A_proxys_password_is_not_told()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("q.jsonl"), """{"id":"q1","question":"What is 1 + 1?","answer":"2"}""" + "\n");
        using var proxy = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        proxy.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await proxy.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096], TestContext.Current.CancellationToken);
            await stream.WriteAsync("HTTP/1.1 407 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string> { ["HTTPS_PROXY"] = $"http://me:s3cretpw@127.0.0.1:{((System.Net.IPEndPoint)proxy.LocalEndpoint).Port}", ["OPENAI_API_KEY"] = "k" };
        var run = await KpodProcess.RunAsync(
            folder.FullPath, string.Empty, environment, ["rationales", "--questions", "q.jsonl", "--teacher", "openai", "--model", "m", "--endpoint", "https://example.test/v1", "--store", "s.db", "--out", "o.jsonl"]);
        await answering;
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("HTTP 407", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cretpw", run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(TemporaryFolder folder, params string[] arguments)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (code, output, error) = await KpodProcess.RunAsync(folder.FullPath, arguments);
        Assert.True(code == 2, $"exit code {code}: {error}");
        Assert.Empty(output);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 30);
        return error;
    }

    private TemporaryFolder Copy()
    {
        var folder = new TemporaryFolder();
        _quickstart.CopyTo(folder.FullPath);
        _quickstart.CopyRun(folder.PathOf("run"));
        return folder;
    }
}

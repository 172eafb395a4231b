using System.Diagnostics;
using System.Text.Json;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary><c>kpod generate</c> on the small quickstart's base and student, as a user calls it.</summary>
public sealed class GenerateTests : IClassFixture<GenerateTests.QuickstartFolder>
{
    private const string Question = "Tom has 3 apples. Tom buys 4 apples. How many apples does Tom have?";
    private readonly QuickstartFolder _files;

    public GenerateTests(QuickstartFolder files) => _files = files;

    [Fact]
    public async Task A_runs_student_answers_and_its_figures_are_those_of_json()
    {
        var plain = await KpodProcess.RunAsync(_files.Folder, "generate", _files.Run, "--prompt", Question, "--max-tokens", "20");
        Assert.True(plain.ExitCode == 0, plain.Error);
        var json = await KpodProcess.RunAsync(_files.Folder, "generate", _files.Run, "--prompt", Question, "--max-tokens", "20", "--json");
        Assert.True(json.ExitCode == 0, json.Error);
        using var figures = JsonDocument.Parse(json.Output);
        var root = figures.RootElement;
        Assert.Equal($"Q: {Question} A: Let's think step by step.", root.GetProperty("prompt").GetString());
        Assert.Equal(Question, root.GetProperty("question").GetString());
        Assert.InRange(root.GetProperty("tokens").GetInt32(), 1, 20);
        Assert.True(root.GetProperty("tokensPerSecond").GetDouble() > 0);
        var answer = root.TryGetProperty("answer", out var found) ? $"answer: {found.GetString()}\n" : string.Empty;
        Assert.Equal($"{root.GetProperty("text").GetString()!.TrimStart(' ')}\n{answer}", plain.Output);
        Assert.Empty(plain.Error);

        // The same student by its parts, the question on standard input.
        var parts = await KpodProcess.RunWithInputAsync(_files.Folder, Question + "\n", "generate", _files.Base, "--adapter", Path.Combine(_files.Run, "06-student"), "--max-tokens", "20");
        Assert.True(parts.ExitCode == 0, parts.Error);
        Assert.Equal(plain.Output, parts.Output);
    }

    [Fact]
    public async Task Draws_repeat_with_their_seed()
    {
        string[] arguments = ["generate", _files.Base, "--prompt", Question, "--max-tokens", "12", "--temperature", "2", "--top-k", "50"];
        var first = await KpodProcess.RunAsync(_files.Folder, [.. arguments, "--seed", "5"]);
        var again = await KpodProcess.RunAsync(_files.Folder, [.. arguments, "--seed", "5"]);
        var other = await KpodProcess.RunAsync(_files.Folder, [.. arguments, "--seed", "6"]);
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Equal(first.Output, again.Output);
        Assert.NotEqual(first.Output, other.Output);
    }

    [Theory]
    [InlineData("exclude each other", "--top-k", "3", "--top-p", "0.5")]
    [InlineData("leaves nothing to --top-k", "--temperature", "0", "--top-k", "3")]
    [InlineData("generation.sampling.temperature is -1", "--temperature", "-1")]
    [InlineData("generation.maximumNewTokens is 0", "--max-tokens", "0")]
    [InlineData("a system message needs the chat template", "--system", "x")]
    [InlineData("has no chat template", "--chat")]
    [InlineData("there is no such adapter", "--adapter", "nowhere")]
    public async Task What_does_not_fit_is_named(string expected, params string[] arguments)
    {
        var (code, output, error) = await KpodProcess.RunAsync(_files.Folder, ["generate", _files.Base, "--prompt", Question, .. arguments]);
        Assert.True(code == 2, error);
        Assert.Empty(output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_question_and_a_model_that_is_not_there_are_named()
    {
        var empty = await KpodProcess.RunWithInputAsync(_files.Folder, "\n", "generate", _files.Base);
        Assert.Equal((2, string.Empty), (empty.ExitCode, empty.Output));
        Assert.Contains("the question is empty", empty.Error, StringComparison.Ordinal);
        var missing = await KpodProcess.RunAsync(_files.Folder, "generate", "no-such-model", "--prompt", Question);
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("no-such-model: there is no such model", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_ends_it_with_exit_code_130()
    {
        var model = SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");
        using var process = KpodProcess.Start(_files.Folder, "generate", model, "--prompt", Question, "--max-tokens", "4000", "--temperature", "1", "--stop", "never written");
        var first = new char[1];
        Assert.Equal(1, await process.StandardOutput.ReadAsync(first, TestContext.Current.CancellationToken));
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.EndsWith("\n", output, StringComparison.Ordinal);
        Assert.Equal("kpod: interrupted.\n", error);
    }

    /// <summary>The small quickstart, run once.</summary>
    public sealed class QuickstartFolder : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal string Folder => _folder.FullPath;

        internal string Run { get; private set; } = string.Empty;

        internal string Base { get; private set; } = string.Empty;

        public async ValueTask InitializeAsync()
        {
            var made = await KpodProcess.RunAsync(_folder.FullPath, "quickstart", "--small", "--folder", "qs", "--json");
            Assert.True(made.ExitCode == 0, made.Error);
            Run = Directory.EnumerateDirectories(_folder.PathOf("qs", "runs")).Order(StringComparer.Ordinal).First(run => Directory.Exists(Path.Combine(run, "06-student")));
            Base = Path.GetDirectoryName(Directory.EnumerateFiles(_folder.PathOf("qs"), "config.json", SearchOption.AllDirectories).First())!;
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

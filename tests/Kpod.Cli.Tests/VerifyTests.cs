using System.Text.Json;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>The verb <c>verify</c> as a user runs it: what it prints and its exit codes.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_that_agrees_is_exit_code_0_with_a_line_for_each_tensor()
    {
        var (code, output, error) = await RunAsync(SharedFolder.PathOf("fixtures", "models", "llama-bias"));
        Assert.True(code == 0, error);
        Assert.Matches(@"\n  ok   \d\.\de-0\d      next_logprobs\n", output);
        Assert.Matches(@"\npassed: 13 of 13 checks within their limits \(tolerance 1e-5\), 0 not checked\.\n", output);
        Assert.Contains("largest difference: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_beyond_the_tolerance_is_exit_code_1_and_named_in_one_json_object()
    {
        var (code, output, error) = await RunAsync(SharedFolder.PathOf("fixtures", "models", "llama-bias"), "--tolerance", "1e-12", "--json");
        Assert.True(code == 1, error);
        Assert.Single(output.TrimEnd().Split('\n'));
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal("failed", root.GetProperty("verdict").GetString());
        Assert.Equal(1e-12, root.GetProperty("tolerance").GetDouble());
        Assert.Contains(root.GetProperty("failed").EnumerateArray(), name => name.GetString() == "reference.safetensors: logits");
        var logits = root.GetProperty("checks").EnumerateArray().First(check => check.GetProperty("name").GetString() == "logits");
        Assert.False(logits.GetProperty("passed").GetBoolean());
        Assert.Equal("relative", logits.GetProperty("measure").GetString());
        Assert.InRange(logits.GetProperty("difference").GetDouble(), 1e-9, 1e-5);
        Assert.StartsWith("at [", logits.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_subjects_join_in_one_report()
    {
        var answers = SharedFolder.PathOf("fixtures", "tokenizers", "answers");
        var (code, output, error) = await RunAsync(
            SharedFolder.PathOf("fixtures", "gguf", "models", "llama-Q4_K_M.gguf"),
            "--tokenizer", SharedFolder.PathOf("fixtures", "tokenizers", "unigram-small"), "--cases", SharedFolder.PathOf("fixtures", "tokenizers", "unigram-small", "streaming.jsonl"),
            "--answer-cases", Path.Combine(answers, "cases.jsonl"), "--schedule", SharedFolder.PathOf("fixtures", "schedule"),
            "--blocks", SharedFolder.PathOf("fixtures", "gguf", "blocks"), "--broken", SharedFolder.PathOf("fixtures", "safetensors-broken"), "--json");
        Assert.True(code == 0, error + output);
        using var document = JsonDocument.Parse(output);
        var names = document.RootElement.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()).ToArray();
        Assert.Subset(names.ToHashSet(), new HashSet<string?> { "logits", "tokenizer cases", "chunks", "extracted", "selected", "values", "gap.safetensors" });
        Assert.NotEqual(0, document.RootElement.GetProperty("notChecked").GetArrayLength());
    }

    [Theory]
    [InlineData("needs something to verify")]
    [InlineData("nowhere: there is no such model", "nowhere")]
    [InlineData("--reference and --model belong to a model", "--reference", "x")]
    [InlineData("--tokenizer and --cases belong together", "--tokenizer", "x")]
    [InlineData("cases.jsonl, line 2: is not valid JSON", "--answer-cases", "cases.jsonl")]
    [InlineData("the tolerance is -1", "nowhere", "--tolerance", "-1")]
    public async Task Bad_input_is_exit_code_2_with_one_message(string message, params string[] arguments)
    {
        await File.WriteAllTextAsync(_folder.PathOf("cases.jsonl"), "{\"text\": \"1\", \"gold\": \"1\", \"extracted\": \"1\"}\n{oops\n", TestContext.Current.CancellationToken);
        var (code, output, error) = await RunAsync(arguments);
        Assert.True(code == 2, $"exit code {code}: {error}");
        Assert.Empty(output);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => KpodProcess.RunAsync(_folder.FullPath, ["verify", .. arguments]);
}

using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>What a user may get wrong: each ends with one message that names the place, exit code 2, and leaves what was there as it was.</summary>
public sealed class BadInputTests : IClassFixture<BadInputTests.QuickstartFolder>
{
    private readonly QuickstartFolder _files;

    public BadInputTests(QuickstartFolder files) => _files = files;

    public static TheoryData<string, string, string[], string> Cases { get; } = new()
    {
        { "question without an answer", "train.jsonl", ["""{"id":"x","question":"How many?"}"""], "train.jsonl, line 1: lacks the field 'answer'" },
        { "line that is no JSON", "train.jsonl", ["""{"id":"x","question":"How many?","answer":"1"}""", "{oops"], "train.jsonl, line 2: no JSON" },
        { "rationale without text", "train.jsonl", ["""{"id":"x","question":"How many?","answer":"1","rationales":[{"teacher":"t"}]}"""], "train.jsonl, line 1: lacks the field 'text'" },
        { "empty split", "test.jsonl", [], "test.jsonl: holds no question" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_bad_data_file_is_named_with_its_line(string what, string file, string[] lines, string expected)
    {
        Assert.NotEmpty(what);
        using var folder = _files.Copy();
        await File.WriteAllLinesAsync(folder.PathOf("data", file), lines, TestContext.Current.CancellationToken);
        await FailsAsync(folder, expected, "run", "kpod.yaml", "--run", "r");
    }

    [Fact]
    public async Task A_model_folder_that_is_not_there_is_named()
    {
        using var folder = _files.Copy();
        await FailsAsync(folder, "no-such-model", "run", "kpod.yaml", "--run", "r", "--set", "student.model=no-such-model");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(24)]
    [InlineData(200_000)]
    public async Task A_gguf_file_that_was_cut_off_is_named(int length)
    {
        using var folder = _files.Copy();
        var whole = SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");
        await using (var source = File.OpenRead(whole))
        await using (var cut = File.Create(folder.PathOf("cut.gguf")))
        {
            var bytes = new byte[length];
            await source.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
            await cut.WriteAsync(bytes, TestContext.Current.CancellationToken);
        }

        await FailsAsync(folder, "cut.gguf", "run", "kpod.yaml", "--run", "r", "--set", "student.model=cut.gguf");
    }

    [Fact]
    public async Task A_run_folder_of_another_recipe_is_left_alone()
    {
        using var folder = _files.Copy();
        var first = await KpodProcess.RunAsync(folder.FullPath, "data", "kpod.yaml", "--run", "r");
        Assert.True(first.ExitCode == 0, first.Error);
        var before = Snapshot(folder);
        await FailsAsync(folder, "cot-llama", "data", "cot.yaml", "--run", "r");
        Assert.Equal(before, Snapshot(folder));
    }

    private static async Task FailsAsync(TemporaryFolder folder, string expected, params string[] arguments)
    {
        var (code, output, error) = await KpodProcess.RunAsync(folder.FullPath, arguments);
        Assert.True(code == 2, $"exit code {code}: {error}");
        Assert.Empty(output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Contains("kpod: ", error, StringComparison.Ordinal);
    }

    private static string[] Snapshot(TemporaryFolder folder) =>
    [
        .. Directory.EnumerateFiles(folder.PathOf("r"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(path => !path.EndsWith("run.lock", StringComparison.Ordinal)).Select(path => $"{path} {File.ReadAllText(path).GetHashCode(StringComparison.Ordinal)}"),
    ];

    /// <summary>The small quickstart's files, made once; each test takes a copy.</summary>
    public sealed class QuickstartFolder : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public async ValueTask InitializeAsync()
        {
            var made = await KpodProcess.RunAsync(_folder.FullPath, "quickstart", "--small", "--folder", "qs", "--json");
            Assert.True(made.ExitCode == 0, made.Error);
        }

        internal TemporaryFolder Copy()
        {
            var copy = new TemporaryFolder();
            var source = _folder.PathOf("qs");
            foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(path => !path.Contains("/runs/", StringComparison.Ordinal)))
            {
                var target = copy.PathOf(Path.GetRelativePath(source, path));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(path, target);
            }

            return copy;
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

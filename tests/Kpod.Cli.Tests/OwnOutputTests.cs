using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>No verb writes over what it did not write itself, by whatever name or link it is led there; and what was altered in a run is not used in silence.</summary>
public sealed class OwnOutputTests : IClassFixture<OwnOutputTests.QuickstartFolder>
{
    private static readonly string[] Replay = ["rationales", "--questions", "q.jsonl", "--teacher", "openai", "--model", "m", "--endpoint", "http://127.0.0.1:9/v1", "--store", "s.db", "--replay"];

    private readonly QuickstartFolder _quickstart;

    public OwnOutputTests(QuickstartFolder quickstart) => _quickstart = quickstart;

    [Theory]
    [InlineData("s.db")]
    [InlineData("./s.db")]
    [InlineData("q.jsonl")]
    [InlineData("link")]
    [InlineData("folder-link/q.jsonl")]
    [InlineData("mine.txt")]
    [InlineData("run/02-rationales.jsonl")]
    [InlineData("run/manifest.json")]
    [InlineData("folder-link")]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task Rationales_go_over_nothing_else(string output)
    {
        using var folder = await StoreAsync();
        File.WriteAllText(folder.PathOf("mine.txt"), "years of work");
        File.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("s.db"));
        Directory.CreateSymbolicLink(folder.PathOf("folder-link"), folder.FullPath);
        _quickstart.CopyRun(folder.PathOf("run"));
        var before = Snapshot(folder.FullPath);
        var run = await KpodProcess.RunAsync(folder.FullPath, [.. Replay, "--out", output]);
        Assert.True(run.ExitCode == 2, run.Error);
        Assert.StartsWith("kpod: ", run.Error[run.Error.IndexOf("kpod: ", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(folder.FullPath));
    }

    [Fact]
    public async Task Rationales_go_over_their_own_earlier_file_and_by_force_over_another()
    {
        using var folder = await StoreAsync();
        var first = await KpodProcess.RunAsync(folder.FullPath, [.. Replay, "--out", "out.jsonl"]);
        Assert.True(first.ExitCode == 0, first.Error);
        var written = File.ReadAllText(folder.PathOf("out.jsonl"));
        Assert.Equal(0, (await KpodProcess.RunAsync(folder.FullPath, [.. Replay, "--out", "out.jsonl/"])).ExitCode);
        File.WriteAllText(folder.PathOf("mine.txt"), "to be replaced");
        File.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("mine.txt"));
        Assert.Equal(0, (await KpodProcess.RunAsync(folder.FullPath, [.. Replay, "--out", "link", "--force"])).ExitCode);
        Assert.Equal(written, File.ReadAllText(folder.PathOf("mine.txt")));
        Assert.NotNull(new FileInfo(folder.PathOf("link")).LinkTarget);

        // Not even by force over what is read.
        var forced = await KpodProcess.RunAsync(folder.FullPath, [.. Replay, "--out", "s.db", "--force"]);
        Assert.Equal(2, forced.ExitCode);
        Assert.Contains("s.db: --out names what this command reads", forced.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("recipe.yaml")]
    [InlineData("manifest.json")]
    [InlineData("06-student/adapter_model.safetensors")]
    [InlineData("08-report.html")]
    [InlineData("../mine.html")]
    public async Task A_comparison_goes_over_nothing_else(string output)
    {
        using var folder = new TemporaryFolder();
        _quickstart.CopyRun(folder.PathOf("run"));
        File.WriteAllText(folder.PathOf("mine.html"), "<!DOCTYPE html><title>mine</title>");
        var before = Snapshot(folder.FullPath);
        var run = await KpodProcess.RunAsync(folder.FullPath, "compare", "run/", "--out", $"run/{output}");
        Assert.True(run.ExitCode == 2, run.Error);
        Assert.Contains("exists already and is", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(folder.FullPath));
    }

    [Fact]
    public async Task A_comparison_replaces_an_earlier_one_and_a_slash_behind_a_run_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        _quickstart.CopyRun(folder.PathOf("run"));
        var first = await KpodProcess.RunAsync(folder.FullPath, "compare", "run");
        Assert.True(first.ExitCode == 0, first.Error);
        var page = File.ReadAllText(folder.PathOf("comparison.html"));
        var second = await KpodProcess.RunAsync(folder.FullPath, "compare", "run///");
        Assert.True(second.ExitCode == 0, second.Error);
        Assert.Equal(page, File.ReadAllText(folder.PathOf("comparison.html")));
        Assert.Equal(first.Output, second.Output);
    }

    [Fact]
    public async Task A_quickstart_leaves_a_users_files_and_edits()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("mine", "data"));
        File.WriteAllText(folder.PathOf("mine", "kpod.yaml"), "name: mine\n");
        File.WriteAllText(folder.PathOf("mine", "data", "train.jsonl"), "{}\n");
        var before = Snapshot(folder.FullPath);
        var refused = await KpodProcess.RunAsync(folder.FullPath, "quickstart", "--small", "--folder", "mine");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("mine: holds data/train.jsonl, kpod.yaml, which no quickstart wrote or which you have changed since", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(folder.FullPath));

        // Its own folder is gone on with, with another seed too, until the user has changed something there.
        CopyFolder(_quickstart.Folder, folder.PathOf("qs"));
        var again = await KpodProcess.RunAsync(folder.FullPath, "quickstart", "--small", "--folder", "qs/", "--json");
        Assert.True(again.ExitCode == 0, again.Error);
        File.AppendAllText(folder.PathOf("qs", "kpod.yaml"), "# mine\n");
        var edited = await KpodProcess.RunAsync(folder.FullPath, "quickstart", "--small", "--folder", "qs");
        Assert.Equal(2, edited.ExitCode);
        Assert.Contains("qs: holds kpod.yaml, which", edited.Error, StringComparison.Ordinal);
        Assert.EndsWith("# mine\n", File.ReadAllText(folder.PathOf("qs", "kpod.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_through_a_link_does_not_reach_the_base()
    {
        using var folder = new TemporaryFolder();
        CopyFolder(_quickstart.Folder, folder.PathOf("qs"));
        var basePath = Directory.GetDirectories(folder.PathOf("qs"), "base-*").Single();
        Directory.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("qs"));
        var before = Snapshot(basePath);
        foreach (var target in new[] { $"link/{Path.GetFileName(basePath)}", $"link/{Path.GetFileName(basePath)}/", basePath, "link", "qs" })
        {
            var run = await KpodProcess.RunAsync(folder.FullPath, "export", basePath, "--out", target, "--force");
            Assert.True(run.ExitCode == 2, $"{target}: {run.Error}");
            Assert.Contains("which is what is exported, or holds it", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, Snapshot(basePath));
        var slash = await KpodProcess.RunAsync(folder.FullPath, "export", basePath + "/", "--out", "student/");
        Assert.True(slash.ExitCode == 0, slash.Error);
        Assert.True(File.Exists(folder.PathOf("student", "model.safetensors")));
    }

    [Fact]
    public async Task A_run_does_not_replace_a_recipe_that_lies_in_its_folder()
    {
        using var folder = new TemporaryFolder();
        CopyFolder(_quickstart.Folder, folder.PathOf("qs"));
        Directory.CreateDirectory(folder.PathOf("qs", "mine"));
        var recipe = File.ReadAllText(folder.PathOf("qs", "kpod.yaml")).Replace("data/", "../data/", StringComparison.Ordinal).Replace("model: ", "model: ../", StringComparison.Ordinal) + "# mine\n";
        File.WriteAllText(folder.PathOf("qs", "mine", "recipe.yaml"), recipe);
        var run = await KpodProcess.RunAsync(folder.FullPath, "data", "qs/mine/recipe.yaml", "--run", "qs/mine");
        Assert.True(run.ExitCode == 2, run.Error);
        Assert.Equal(recipe, File.ReadAllText(folder.PathOf("qs", "mine", "recipe.yaml")));
    }

    [Theory]
    [InlineData("compare run", "07-evaluation/summary.json", false)]
    [InlineData("compare run", "01-questions.jsonl", true)]
    [InlineData("compare run", "recipe.yaml", true)]
    [InlineData("generate run --prompt hi", "06-student/adapter_model.safetensors", true)]
    [InlineData("generate run --prompt hi", "recipe.yaml", true)]
    [InlineData("export run --out out", "02-rationales.jsonl", true)]
    [InlineData("export run --out out", "06-student/adapter_config.json", true)]
    public async Task An_altered_run_is_not_used_in_silence(string command, string file, bool isRefused)
    {
        using var folder = new TemporaryFolder();
        _quickstart.CopyRun(folder.PathOf("run"));
        File.AppendAllText(folder.PathOf("run", file), " ");
        var run = await KpodProcess.RunAsync(folder.FullPath, command.Split(' '));
        Assert.True(run.ExitCode == (isRefused ? 2 : 0), run.Error);
        Assert.Equal(isRefused, run.Error.Contains($"{file} ", StringComparison.Ordinal) && run.Error.Contains("altered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hand_edit_is_told_and_kept_and_a_slash_behind_the_run_still_finds_its_neighbours()
    {
        using var folder = new TemporaryFolder();
        CopyFolder(_quickstart.Folder, folder.PathOf("qs"));
        var run = Path.Combine("qs", "runs", "kpod-llama");
        var questions = folder.PathOf(run, "01-questions.jsonl");
        var whole = File.ReadAllText(questions);
        File.WriteAllText(questions, whole + "mine\n");
        var again = await KpodProcess.RunAsync(folder.FullPath, "data", "qs/kpod.yaml", "--run", run + "/");
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Contains("01-questions.jsonl was changed after the run wrote it. It is made anew; what it held is kept in 01-questions.jsonl.changed.", again.Error, StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllText(questions));
        Assert.Equal(whole + "mine\n", File.ReadAllText(questions + ".changed"));

        var beside = await KpodProcess.RunAsync(folder.FullPath, "data", "qs/kpod.yaml", "--run", "qs/runs/new/");
        Assert.True(beside.ExitCode == 0, beside.Error);
        Assert.Contains("questions: taken from", beside.Error, StringComparison.Ordinal);
    }

    private static async Task<TemporaryFolder> StoreAsync()
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("q.jsonl"), """{"id":"q1","question":"What is 1 + 1?","answer":"2"}""" + "\n");
        await using var server = await TeacherServer.StartAsync(_ => TeacherServerReply.Answer("1 + 1 = 2. Therefore, the answer is 2."));
        var asked = await KpodProcess.RunAsync(folder.FullPath, [.. Replay.SkipLast(1).Select(argument => argument.StartsWith("http", StringComparison.Ordinal) ? server.Endpoint : argument), "--out", "first.jsonl"]);
        Assert.True(asked.ExitCode == 0, asked.Error);
        return folder;
    }

    private static string[] Snapshot(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Order(StringComparer.Ordinal)
            .Where(path => !path.EndsWith("run.lock", StringComparison.Ordinal)).Select(path => $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"),
    ];

    private static void CopyFolder(string source, string target)
    {
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    /// <summary>The small quickstart, made once; each test takes a copy.</summary>
    public sealed class QuickstartFolder : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal string Folder => _folder.PathOf("qs");

        public async ValueTask InitializeAsync()
        {
            var made = await KpodProcess.RunAsync(_folder.FullPath, "quickstart", "--small", "--folder", "qs", "--json");
            Assert.True(made.ExitCode == 0, made.Error);
        }

        internal void CopyTo(string target)
        {
            foreach (var path in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(path => !path.Contains("/runs/", StringComparison.Ordinal)))
            {
                var copy = Path.Combine(target, Path.GetRelativePath(Folder, path));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(path, copy);
            }
        }

        internal void CopyRun(string target) => CopyFolder(Path.Combine(Folder, "runs", "kpod-llama"), target);

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

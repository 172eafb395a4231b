using System.Diagnostics;
using System.Text.Json;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>A run's student on its way to other programs, through the real command line.</summary>
public sealed class ExportTests : IClassFixture<ExportTests.Run>
{
    private readonly Run _run;

    public ExportTests(Run run) => _run = run;

    [Fact]
    public async Task A_run_is_exported_and_looked_into_in_every_form()
    {
        using var folder = new TemporaryFolder();
        var hf = await KpodProcess.RunAsync(folder.FullPath, "export", _run.Folder, "--out", "hf", "--json");
        Assert.True(hf.ExitCode == 0, hf.Error);
        using var report = JsonDocument.Parse(hf.Output);
        Assert.True(report.RootElement.GetProperty("gate").GetProperty("passed").GetBoolean());
        Assert.True(File.Exists(folder.PathOf("hf", "model.safetensors")));

        var gguf = await KpodProcess.RunAsync(folder.FullPath, "export", _run.Folder, "--out", "student.gguf", "--dtype", "f16");
        Assert.True(gguf.ExitCode == 0, gguf.Error);
        Assert.Contains("same likeliest token", gguf.Output, StringComparison.Ordinal);
        Assert.Contains("student.gguf", gguf.Output, StringComparison.Ordinal);

        var peft = await KpodProcess.RunAsync(folder.FullPath, "export", _run.Folder, "--format", "peft", "--out", "adapter", "--name", "someone/base");
        Assert.True(peft.ExitCode == 0, peft.Error);
        Assert.Contains("\"base_model_name_or_path\": \"someone/base\"", File.ReadAllText(folder.PathOf("adapter", "adapter_config.json")), StringComparison.Ordinal);

        // What was written is looked into, and a second export from it gives the same weights.
        foreach (var (path, kind) in new[] { ("hf", "Hugging Face folder"), ("student.gguf", "GGUF file, version 3"), ("adapter", "PEFT adapter"), (_run.Folder, "PEFT adapter") })
        {
            var inspected = await KpodProcess.RunAsync(folder.FullPath, "inspect", path, "--json");
            Assert.True(inspected.ExitCode == 0, inspected.Error);
            using var found = JsonDocument.Parse(inspected.Output);
            Assert.Equal(kind, found.RootElement.GetProperty("kind").GetString());
            Assert.False(found.RootElement.TryGetProperty("fault", out var fault), fault.ToString());
        }

        var again = await KpodProcess.RunAsync(folder.FullPath, "export", "hf", "--out", "hf2");
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Equal(File.ReadAllBytes(folder.PathOf("hf", "model.safetensors")), File.ReadAllBytes(folder.PathOf("hf2", "model.safetensors")));
        Assert.Equal(["adapter", "hf", "hf2", "student.gguf"], Directory.GetFileSystemEntries(folder.FullPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_refusal_is_exit_code_1_with_the_figures_and_nothing_written()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("prompts.txt"), "Tom has 3 apples and buys 4.\n\nAnna has 5 pens.\n");
        var (code, output, error) = await KpodProcess.RunAsync(folder.FullPath, "export", _run.Folder, "-o", "out", "--dtype", "bf16", "--tolerance", "0", "--prompts", "prompts.txt", "--json");
        Assert.Equal(1, code);
        Assert.Contains("kpod: refused, nothing was written: logits move by up to", error, StringComparison.Ordinal);
        Assert.Contains("Export as float16", error, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(output);
        Assert.False(report.RootElement.GetProperty("gate").GetProperty("passed").GetBoolean());
        Assert.Equal(["prompts.txt"], Directory.GetFileSystemEntries(folder.FullPath).Select(path => Path.GetFileName(path)));
    }

    [Theory]
    [InlineData("--dtype is 'int4'; it must be one of float32,", "--dtype", "int4")]
    [InlineData("--format is 'onnx'; it must be one of hf, gguf, peft.", "--format", "onnx")]
    [InlineData("--shard-size is 'much'", "--shard-size", "much")]
    [InlineData("the shard size is 5000 bytes", "--shard-size", "5KB")]
    [InlineData("the tolerance is 7; it must lie in [0, 1]", "--tolerance", "7")]
    [InlineData("nowhere.txt: cannot be read", "--prompts", "nowhere.txt")]
    [InlineData("the type is Q8_0, which only GGUF has", "--dtype", "q8_0")]
    [InlineData("no-adapter", "--adapter", "no-adapter")]
    public async Task A_wrong_value_is_named_and_exit_code_2(string expected, string option, string value)
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = await KpodProcess.RunAsync(folder.FullPath, "export", _run.Folder, "--out", "out", option, value);
        Assert.True(code == 2, error);
        Assert.Empty(output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.FullPath));
    }

    [Fact]
    public async Task What_exists_stays_unless_it_is_to_be_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("s.gguf"), "mine");
        var refused = await KpodProcess.RunAsync(folder.FullPath, "export", _run.Folder, "--out", "s.gguf");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("s.gguf: exists already; choose another name, or --force to replace it.", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.PathOf("s.gguf")));
        var forced = await KpodProcess.RunAsync(folder.FullPath, "export", _run.Folder, "--out", "s.gguf", "--force");
        Assert.True(forced.ExitCode == 0, forced.Error);
        Assert.StartsWith("GGUF", File.ReadAllText(folder.PathOf("s.gguf"))[..4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pickle_is_not_looked_into()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("pytorch_model.bin"), "x");
        var (code, _, error) = await KpodProcess.RunAsync(folder.FullPath, "inspect", "pytorch_model.bin");
        Assert.Equal(2, code);
        Assert.Contains("is a PyTorch pickle, which can run any program when it is opened", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out.gguf")]
    public async Task A_full_disk_is_one_message_and_leaves_nothing(string target)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("disk"));
        var script = $"mount -t tmpfs -o size=60k tmpfs disk || exit 99; dotnet '{KpodProcess.Program}' export '{_run.Folder}' --out disk/{target}; echo \"code: $?\"; ls -A disk | wc -l";
        var start = new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", script]) { WorkingDirectory = folder.FullPath, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode == 99 || error.StartsWith("unshare:", StringComparison.Ordinal), $"needs a small disk of its own, which this machine does not allow: {error}");
        Assert.Equal("code: 1\n0\n", await output);
        Assert.Contains($"disk/{target}", error, StringComparison.Ordinal);
        Assert.Contains("could not be written (No space left on device", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    /// <summary>The small quickstart, made once.</summary>
    public sealed class Run : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal string Folder { get; private set; } = string.Empty;

        public async ValueTask InitializeAsync()
        {
            var made = await KpodProcess.RunAsync(_folder.FullPath, "quickstart", "--small", "--folder", "qs", "--json");
            Assert.True(made.ExitCode == 0, made.Error);
            Folder = Directory.EnumerateDirectories(_folder.PathOf("qs", "runs")).Order(StringComparer.Ordinal).Last(path => Directory.Exists(Path.Combine(path, "06-student")));
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

using System.Diagnostics;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>The programs of <c>samples/</c>, one a library, as their first lines say how to run them.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_method_runs_from_a_program()
    {
        var (code, output) = await RunAsync("RunARecipe", _folder.PathOf("q"));
        Assert.Equal(0, code);
        Assert.Contains("student on test: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_shown_with_the_characters_that_they_stand_for()
    {
        var (code, output) = await RunAsync("TokenizeAText", await BaseAsync(), "He buys 4.");
        Assert.Equal(0, code);
        Assert.Contains("He buys 4.", output, StringComparison.Ordinal);
        Assert.Contains("[9,10)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_is_trained_asked_and_exported()
    {
        var (code, output) = await RunAsync("TuneAnAdapter", await BaseAsync(), _folder.PathOf("out"));
        Assert.Equal(0, code);
        Assert.True(File.Exists(Path.Combine(_folder.PathOf("out"), "merged", "model.safetensors")), output);
        var losses = output.Split('\n').Where(line => line.StartsWith("step ", StringComparison.Ordinal)).Select(line => double.Parse(line.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(20, losses.Length);
        Assert.True(losses[^1] < losses[0], output);
    }

    private async Task<string> BaseAsync()
    {
        var (code, _, error) = await KpodProcess.RunAsync(_folder.PathOf("."), "quickstart", "--small", "--folder", _folder.PathOf("quickstart"));
        Assert.True(code == 0, error);
        return Path.GetDirectoryName(Directory.EnumerateFiles(_folder.PathOf("quickstart"), "tokenizer.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First())!;
    }

    private static async Task<(int Code, string Output)> RunAsync(string sample, params string[] arguments)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, sample, own.Name, $"{sample}.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}

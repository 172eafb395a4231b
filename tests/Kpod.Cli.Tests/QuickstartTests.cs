using System.Text.Json;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>The README's main command in its small size, and what a user does next: run again, kill and resume, compare, read the page.</summary>
public sealed class QuickstartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    public async Task The_whole_method_runs_and_what_it_wrote_can_be_gone_on_from(string family)
    {
        var (code, output, error) = await KpodProcess.RunAsync(_folder.FullPath, "quickstart", "--small", "--family", family, "--folder", "qs", "--json");
        Assert.True(code == 0, error);
        using var figures = JsonDocument.Parse(output);
        Assert.Equal(2, figures.RootElement.GetProperty("comparison").GetProperty("runs").GetArrayLength());
        var page = figures.RootElement.GetProperty("report").GetString()!;
        Assert.Contains("</html>", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.DoesNotContain("://", File.ReadAllText(page).Replace("http://www.w3.org", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);

        // Again: nothing is computed anew.
        var runFolder = Path.GetDirectoryName(page)!;
        var adapter = Path.Combine(runFolder, "06-student", "adapter_model.safetensors");
        var bytes = File.ReadAllBytes(adapter);
        var again = await KpodProcess.RunAsync(_folder.FullPath, "run", "qs/kpod.yaml", "--run", runFolder, "--json");
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.DoesNotContain("started", again.Error, StringComparison.Ordinal);
        Assert.Contains("student: done before, kept", again.Error, StringComparison.Ordinal);

        // The same recipe elsewhere, killed without warning in the middle of distillation and run again: the same bytes.
        await KillInTheMiddleAsync();
        var resumed = await KpodProcess.RunAsync(_folder.FullPath, "distill", "qs/kpod.yaml", "--run", "alone/r", "--set", "distillation.saveEverySteps=2");
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.PathOf("alone", "r", "06-student", "adapter_model.safetensors")));
    }

    private async Task KillInTheMiddleAsync()
    {
        using var process = KpodProcess.Start(_folder.FullPath, "distill", "qs/kpod.yaml", "--run", "alone/r", "--set", "distillation.saveEverySteps=2");
        var state = _folder.PathOf("alone", "r", "06-student", "training-state.safetensors");
        while (!process.HasExited && !File.Exists(state))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}

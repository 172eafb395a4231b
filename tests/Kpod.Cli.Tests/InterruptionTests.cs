using System.Diagnostics;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>Ctrl-C in every stage and a disk that fills up: the program says so in a line, and the same command goes on from what was finished.</summary>
public sealed class InterruptionTests : IClassFixture<BadInputTests.QuickstartFolder>
{
    private static readonly string[] Works = ["rationales", "token weights", "step difficulty", "schedule", "student", "evaluation of base", "evaluation of student", "report"];

    private readonly BadInputTests.QuickstartFolder _files;

    public InterruptionTests(BadInputTests.QuickstartFolder files) => _files = files;

    [Fact]
    public async Task A_run_that_is_interrupted_in_every_stage_ends_with_the_same_student()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends SIGINT as a terminal does");
        using var folder = _files.Copy();
        var whole = await KpodProcess.RunAsync(folder.FullPath, "run", "kpod.yaml", "--run", "one/whole");
        Assert.True(whole.ExitCode == 0, whole.Error);
        var interrupted = 0;
        foreach (var work in Works)
        {
            var (code, error) = await InterruptAsync(folder, work);
            if (code == 0)
            {
                break; // all was done before the signal came
            }

            Assert.True(code == 130, $"{work}: exit code {code}: {error}");
            Assert.Contains("kpod: interrupted. What was finished is kept", error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFiles(folder.PathOf("two", "cut"), "*.tmp", SearchOption.AllDirectories));
            interrupted++;
        }

        Assert.True(interrupted >= Works.Length / 2, $"only {interrupted} interruptions came in time");
        var end = await KpodProcess.RunAsync(folder.FullPath, "run", "kpod.yaml", "--run", "two/cut");
        Assert.True(end.ExitCode == 0, end.Error);
        foreach (var file in new[] { "03-token-weights.jsonl", "05-schedule.json", "06-student/adapter_model.safetensors", "07-evaluation/student-test.jsonl" })
        {
            Assert.Equal(File.ReadAllBytes(folder.PathOf("one", "whole", file)), File.ReadAllBytes(folder.PathOf("two", "cut", file)));
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(200)]
    [InlineData(700)]
    public async Task A_full_disk_is_named_and_room_is_all_that_is_needed(int kilobytes)
    {
        using var folder = _files.Copy();
        Directory.CreateDirectory(folder.PathOf("r"));
        var kpod = $"dotnet '{KpodProcess.Program}' run kpod.yaml --run r/run";
        var script = $"mount -t tmpfs -o size={kilobytes}k tmpfs r || exit 99; {kpod}; echo \"first: $?\"; find r -name '*.tmp'; mount -o remount,size=200m r; {kpod}; echo \"second: $?\"";
        var (code, output, error) = await ShellAsync(folder.FullPath, script);
        Assert.SkipWhen(code == 99 || error.StartsWith("unshare:", StringComparison.Ordinal), $"needs a small disk of its own, which this machine does not allow: {error}");
        Assert.Contains("first: 1", output, StringComparison.Ordinal);
        Assert.Contains("second: 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", output, StringComparison.Ordinal);
        Assert.Contains("No space left on device", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)> InterruptAsync(TemporaryFolder folder, string work)
    {
        var events = folder.PathOf("two", "cut", "events.jsonl");
        var before = File.Exists(events) ? File.ReadAllText(events).Length : 0;
        using var process = KpodProcess.Start(folder.FullPath, "run", "kpod.yaml", "--run", "two/cut", "--set", "distillation.saveEverySteps=1");
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var sign = $"\"event\":\"started\",\"work\":\"{work}\"";
        while (!process.HasExited && !(File.Exists(events) && ReadShared(events, before).Contains(sign, StringComparison.Ordinal)))
        {
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }

        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await error);
    }

    private static string ReadShared(string path, int from)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var text = reader.ReadToEnd();
        return text[Math.Min(from, text.Length)..];
    }

    private static async Task<(int Code, string Output, string Error)> ShellAsync(string workingFolder, string script)
    {
        var start = new ProcessStartInfo("unshare", ["-rm", "sh", "-c", script]) { WorkingDirectory = workingFolder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (99, string.Empty, missing.Message);
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, await error);
        }
    }
}

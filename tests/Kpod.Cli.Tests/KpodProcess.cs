using System.Diagnostics;

namespace Kpod.Cli.Tests;

/// <summary>Runs the real program in a process of its own, as a user does.</summary>
internal static class KpodProcess
{
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(string workingFolder, params string[] arguments) => RunWithInputAsync(workingFolder, string.Empty, arguments);

    public static async Task<(int ExitCode, string Output, string Error)> RunWithInputAsync(string workingFolder, string input, params string[] arguments)
    {
        using var process = Start(workingFolder, arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    public static Process Start(string workingFolder, params string[] arguments)
    {
        // A shell that starts the tests in the background has them ignore Ctrl-C, and so would the program, which is right but not what is tested.
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Kpod.Cli.dll"), .. arguments];
        var line = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. command] : command;
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }
}

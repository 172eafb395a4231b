using System.Diagnostics;

namespace Kpod.Cli.Tests;

/// <summary>Runs the real program in a process of its own, as a user does.</summary>
internal static class KpodProcess
{
    /// <summary>The program in its own output folder, where all that it needs lies; what lies beside the tests is made for the tests' frameworks.</summary>
    public static string Program { get; } = FindProgram();

    public static Task<(int ExitCode, string Output, string Error)> RunAsync(string workingFolder, params string[] arguments) => RunWithInputAsync(workingFolder, string.Empty, arguments);

    public static Task<(int ExitCode, string Output, string Error)> RunWithInputAsync(string workingFolder, string input, params string[] arguments) =>
        RunAsync(workingFolder, input, new Dictionary<string, string>(), arguments);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string workingFolder, string input, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        using var process = Start(workingFolder, environment, arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    public static Process Start(string workingFolder, params string[] arguments) => Start(workingFolder, new Dictionary<string, string>(), arguments);

    public static Process Start(string workingFolder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        // A shell that starts the tests in the background has them ignore Ctrl-C, and so would the program, which is right but not what is tested.
        string[] command = ["dotnet", Program, .. arguments];
        var line = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. command] : command;
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";

        // A user's own teacher must not be asked by tests.
        start.Environment.Remove("OPENAI_API_KEY");
        start.Environment.Remove("OPENAI_BASE_URL");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string FindProgram()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Kpod.Cli", own.Name, "Kpod.Cli.dll");
    }
}

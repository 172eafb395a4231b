using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kpod.Benchmarks;

/// <summary>How long the program takes to say what it can do, beside the bare start of the runtime: a program that ends at once.</summary>
internal static partial class StartBenchmark
{
    /// <summary>The argument with which this program ends at once.</summary>
    public const string Nothing = "nothing";

    private const double Aim = 0.25;
    private const int ChildrenThatEnded = -1; // RUSAGE_CHILDREN

    /// <summary>Measures and writes <c>start.md</c>.</summary>
    /// <param name="settings">What every measurement is told.</param>
    public static void Run(BenchmarkSettings settings)
    {
        var build = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Kpod.Cli", build, "Kpod.Cli"));
        var bare = new Side("a program that does nothing");
        var help = new Side("`kpod --help`");
        var verb = new Side("`kpod generate --help`");
        var wrong = new Side("`kpod generat` (a slip)");
        Side.Alternate(
            settings.Rounds ?? 21,
            () => bare.Add(Start(Environment.ProcessPath!, Nothing)),
            () => help.Add(Start(program, "--help")),
            () => verb.Add(Start(program, "generate", "--help")),
            () => wrong.Add(Start(program, "generat")));

        var page = new ResultPage("start", "Start of the program");
        page.Table(
            ["", "seconds, median", "seconds, fastest", "processor seconds", "times the bare start (processor time)", "share of the 0.25 s aimed for"],
            new[] { bare, help, verb, wrong }.Select(side => new[]
            {
                side.Name, ResultPage.Number(side.Wall), ResultPage.Number(side.Samples.Min(sample => sample.Wall)), ResultPage.Number(side.Processor),
                ResultPage.Number(bare.SpeedAgainst(side, sample => sample.Processor)), ResultPage.Number(side.Wall / Aim),
            }));
        page.Say($"The built program as `dotnet build -c Release` leaves it, started {help.Samples.Count} times in turns. None of these processes took more than "
            + $"{ResourcesOfChildren().PeakKibibytes / 1024.0:0} MiB: libtorch, which alone takes several times as much, is not loaded before it is needed.");
        page.Write(settings);
    }

    private static Sample Start(string program, params string[] arguments)
    {
        var before = ResourcesOfChildren().Seconds;
        var start = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Sample(TimeProvider.System.GetElapsedTime(start).TotalSeconds, ResourcesOfChildren().Seconds - before);
    }

    // struct rusage begins with user and system time (seconds, microseconds each) and the largest resident size in KiB.
    private static unsafe (double Seconds, long PeakKibibytes) ResourcesOfChildren()
    {
        var usage = stackalloc long[18];
        return getrusage(ChildrenThatEnded, usage) == 0 ? (usage[0] + usage[2] + ((usage[1] + usage[3]) * 1e-6), usage[4]) : (double.NaN, 0);
    }

#pragma warning disable IDE1006, SYSLIB1054 // Named as in the C library.
    [LibraryImport("libc")]
    private static unsafe partial int getrusage(int who, long* usage);
#pragma warning restore IDE1006, SYSLIB1054
}

using System.CommandLine;
using Kpod.Runs;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod report</c>: writes the run's page.</summary>
internal static class ReportCommand
{
    public static Command Make() => StageVerb.Make("report", "Writes the run's page: accuracies, curves, schedule and token heat maps.", Stage.Report, (_, run) =>
        new Figures(new { Report = run.PathOf(RunFiles.Report) }, console => Console.Out.WriteLine($"open {run.PathOf(RunFiles.Report)}")));
}

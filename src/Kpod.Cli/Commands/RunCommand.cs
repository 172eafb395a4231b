using System.CommandLine;
using Kpod.Cli.Display;
using Kpod.Evaluation;
using Kpod.Files;
using Kpod.Runs;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod run</c>: all stages of a recipe.</summary>
internal static class RunCommand
{
    public static Command Make() => StageVerb.Make("run", "Runs a whole recipe; finished stages are kept, a killed training goes on where it was.", Stage.Report, (recipe, run) =>
    {
        var results = JsonArtefact.Read<IReadOnlyList<EvaluationResult>>(run.PathOf(RunFiles.EvaluationSummary));
        var figures = new
        {
            recipe.Name,
            recipe.Method,
            Run = run.FullPath,
            Results = results,
            Seconds = run.Manifest.Finished.ToDictionary(work => work.Key, work => Math.Round(work.Value.Seconds, 1)),
            Report = run.PathOf(RunFiles.Report),
        };
        return new Figures(figures, console =>
        {
            AccuracyDrawing.Draw(console, results.Select(result => (result.Model, result)));
            Console.Out.WriteLine($"open {figures.Report}");
        });
    });
}

using System.CommandLine;
using Kpod.Cli.Display;
using Kpod.Evaluation;
using Kpod.Files;
using Kpod.Runs;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod evaluate</c>: lets base and student answer held-out questions.</summary>
internal static class EvaluateCommand
{
    public static Command Make() => StageVerb.Make("evaluate", "Lets the student answer held-out questions and counts the right answers, with an interval.", Stage.Evaluation, (_, run) =>
    {
        var results = JsonArtefact.Read<IReadOnlyList<EvaluationResult>>(run.PathOf(RunFiles.EvaluationSummary));
        return new Figures(new { Artefact = run.PathOf(RunFiles.Evaluation), Results = results }, console => AccuracyDrawing.Draw(console, results.Select(result => (result.Model, result))));
    });
}

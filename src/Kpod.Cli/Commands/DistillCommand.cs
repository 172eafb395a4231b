using Kpod.Cli.Display;
using System.CommandLine;
using Kpod.Distillation.Training;
using Kpod.Files;
using Kpod.Runs;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod distill</c>: trains the student.</summary>
internal static class DistillCommand
{
    public static Command Make() => StageVerb.Make("distill", "Trains the student on the plan with the token weights (Eq. 15), or plainly (method: cot).", Stage.Student, (recipe, run) =>
    {
        var epochs = JsonArtefact.ReadLines<TrainingLogPoint>(run.PathOf(RunFiles.TrainingLog)).GroupBy(point => point.Epoch).Select(epoch => new
        {
            Epoch = epoch.Key,
            Stages = $"{epoch.Min(point => point.Stage)}-{epoch.Max(point => point.Stage)}",
            Loss = epoch.Sum(point => point.Loss * point.SupervisedTokens) / epoch.Sum(point => point.SupervisedTokens),
            SupervisedTokens = epoch.Sum(point => point.SupervisedTokens),
            MeanGivenSteps = epoch.Average(point => point.GivenSteps),
            Seconds = epoch.Sum(point => point.Seconds),
        }).ToArray();
        return new Figures(new { recipe.Method, Adapter = run.PathOf(RunFiles.Student), Epochs = epochs }, console =>
        {
            var table = Tables.Make("epoch", "stages", "loss (nat/token)", "tokens learned", "mean given steps", "seconds");
            foreach (var epoch in epochs)
            {
                table.AddRow(
                    Tables.Number(epoch.Epoch), epoch.Stages, Tables.Number(epoch.Loss), Tables.Number(epoch.SupervisedTokens), Tables.Number(epoch.MeanGivenSteps), Tables.Number(Math.Round(epoch.Seconds)));
            }

            console.Write(table);
        });
    });
}

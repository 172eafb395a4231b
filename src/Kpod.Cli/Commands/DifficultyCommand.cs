using Kpod.Cli.Display;
using System.CommandLine;
using Kpod.Files;
using Kpod.Runs;
using Kpod.StepDifficulty;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod difficulty</c>: scores each step under the student before distillation.</summary>
internal static class DifficultyCommand
{
    private const int MostPositions = 10;

    public static Command Make() => StageVerb.Make("difficulty", "Scores each step of each rationale under the student before distillation (Eq. 8).", Stage.StepDifficulty, (_, run) =>
    {
        var difficulties = JsonArtefact.ReadLines<RationaleDifficulty>(run.PathOf(RunFiles.StepDifficulty));
        var byPosition = difficulties.SelectMany(rationale => rationale.Steps.Select((step, index) => (Position: index + 1, step.Difficulty)))
            .GroupBy(step => step.Position).OrderBy(group => group.Key)
            .Select(group => new { Step = group.Key, Count = group.Count(), MeanDifficulty = group.Average(step => step.Difficulty) }).ToArray();
        var figures = new
        {
            Artefact = run.PathOf(RunFiles.StepDifficulty),
            Rationales = difficulties.Count,
            Steps = difficulties.Sum(rationale => rationale.Steps.Count),
            TotalDifficulty = difficulties.Sum(rationale => rationale.Steps.Sum(step => step.Difficulty)),
            ByPosition = byPosition,
        };
        return new Figures(figures, console =>
        {
            var table = Tables.Make("step", "rationales that have it", "mean difficulty (nat)");
            foreach (var position in byPosition.Take(MostPositions))
            {
                table.AddRow(Tables.Number(position.Step), Tables.Number(position.Count), Tables.Number(position.MeanDifficulty));
            }

            console.Write(table);
            console.MarkupLineInterpolated($"{figures.Steps} steps of {figures.Rationales} rationales; B = {figures.TotalDifficulty:0.0} nat");
        });
    });
}

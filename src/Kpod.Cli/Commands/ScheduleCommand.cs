using System.CommandLine;
using Kpod.Files;
using Kpod.ProgressiveSchedule;
using Kpod.Runs;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod schedule</c>: plans which rationales move on at which stage.</summary>
internal static class ScheduleCommand
{
    public static Command Make()
    {
        var show = new Option<bool>("--show") { Description = "Prints the whole table and draws D(t) against H(t)." };
        return StageVerb.Make("schedule", "Plans, stage by stage, how many steps of which rationale the student must write itself.", Stage.Schedule, (parsed, run) =>
        {
            var schedule = JsonArtefact.Read<StageSchedule>(run.PathOf(RunFiles.Schedule));
            var last = schedule.Stages[^1];
            var figures = new
            {
                Artefact = run.PathOf(RunFiles.Schedule),
                schedule.MaximumDifficulty,
                schedule.InitialDifficulty,
                schedule.GrowthRate,
                Stages = schedule.Stages.Select(stage => new { stage.Stage, stage.Ceiling, stage.Difficulty, Selected = stage.Selected.Count, stage.SelectedPerCluster, MeanGivenSteps = stage.GivenSteps.Average() }),
                schedule.Warnings,
            };
            return new Figures(figures, console =>
            {
                if (parsed.GetValue(show))
                {
                    Console.Out.WriteLine(ScheduleTable.Render(schedule));
                }
                else
                {
                    Console.Out.WriteLine(FormattableString.Invariant(
                        $"{schedule.Stages.Count} stages for {schedule.Rationales.Count} rationales; H(T) = {last.Difficulty:0.0} of B = {schedule.MaximumDifficulty:0.0} nat. --show draws it."));
                }
            });
        }, show);
    }
}

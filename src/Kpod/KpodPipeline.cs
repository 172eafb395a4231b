using Kpod.Datasets;
using Kpod.Distillation;
using Kpod.Distillation.Methods;
using Kpod.Evaluation;
using Kpod.Files;
using Kpod.ProgressiveSchedule;
using Kpod.RationaleGeneration;
using Kpod.Reports;
using Kpod.Runs;
using Kpod.StepDifficulty;
using Kpod.Students;
using Kpod.TokenWeighting;

namespace Kpod;

/// <summary>The whole method (Algorithm 1 of the paper), a stage after the other. What shapes a stage, how it is computed and what it writes stands in its folder.</summary>
public static class KpodPipeline
{
    /// <summary>Runs a recipe's stages in order up to one of them; finished ones are read back.</summary>
    /// <param name="recipe">What to do.</param>
    /// <param name="run">Where to keep it.</param>
    /// <param name="last">The stage to stop after.</param>
    /// <param name="cancel">Ends the stage under way; what it finished is kept.</param>
    /// <exception cref="KpodException">The user's input is at fault; the message says where and how to mend it.</exception>
    public static async Task RunAsync(KpodRecipe recipe, RunFolder run, Stage last, CancellationToken cancel)
    {
        using var student = new UntrainedStudent(recipe.Student, run.Warn);
        run.Describe(recipe.Yaml, RunEnvironment.Here(recipe.Seed, recipe.Student.Device));

        var questions = await run.DoAsync(new DatasetStage(run, recipe.Dataset, cancel)).ConfigureAwait(false);
        if (last == Stage.Questions)
        {
            return;
        }

        // The teacher's rationales; wrong ones are dropped.
        var rationales = await run.DoAsync(new RationaleGenerationStage(run, student, recipe.Rationales, recipe.Dataset, questions, recipe.Seed, cancel)).ConfigureAwait(false);
        if (last == Stage.Rationales)
        {
            return;
        }

        // Eq. 2 to 7, then Eq. 8, then Eq. 9 to 13: where the method asks for them, or the user for one of them.
        DistillationMaterial.Found? found = null;
        if (recipe.Method.Entry().FollowsSchedule || last < Stage.Student)
        {
            var weights = await new TokenWeightingStage(run, student, recipe.TokenWeights, recipe.StepDifficulty.SplitOnNewline, StepDifficultyStage.StepEndsBy(recipe.StepDifficulty), rationales, recipe.Seed, cancel).RunAsync().ConfigureAwait(false);
            if (last == Stage.TokenWeights)
            {
                return;
            }

            var difficulties = await run.DoAsync(new StepDifficultyStage(run, student, recipe.StepDifficulty, rationales, weights, cancel)).ConfigureAwait(false);
            if (last == Stage.StepDifficulty)
            {
                return;
            }

            var schedule = await run.DoAsync(new ProgressiveScheduleStage(run, student, recipe.Schedule, recipe.Distillation.Epochs, rationales, difficulties, recipe.Seed, cancel)).ConfigureAwait(false);
            run.Warn(schedule.Warnings);
            if (last == Stage.Schedule)
            {
                return;
            }

            found = new DistillationMaterial.Found(weights, difficulties, schedule);
        }

        // Eq. 15, or what the method has in its place.
        await run.DoAsync(new DistillationStage(run, student, recipe.Method, recipe.Distillation, new DistillationMaterial(rationales, found), recipe.Seed, cancel)).ConfigureAwait(false);
        if (last == Stage.Student)
        {
            return;
        }

        await EvaluationStage.RunAsync(run, student, recipe.Evaluation, recipe.Distillation.FullFineTuning, questions, cancel).ConfigureAwait(false);
        if (last == Stage.Report)
        {
            AtomicFile.WriteText(run.PathOf(RunFiles.Report), RunPage.Render(RunReport.Read(run.FullPath)));
        }
    }
}

using Kpod.Runs;

namespace Kpod;

/// <summary>The whole method (Algorithm 1 of the paper), one call a stage. What each call does with a run's files is in <see cref="PipelineStages"/>.</summary>
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
        using var stages = new PipelineStages(recipe, run, cancel);

        var questions = await stages.QuestionsAsync().ConfigureAwait(false);
        if (last == Stage.Questions)
        {
            return;
        }

        // The teacher's rationales; wrong ones are dropped.
        var rationales = await stages.RationalesAsync(questions).ConfigureAwait(false);
        if (last == Stage.Rationales)
        {
            return;
        }

        // Plain distillation (Eq. 1) needs no weights, difficulties or schedule.
        if (recipe.Method == Distillation.DistillationMethod.Kpod || last < Stage.Student)
        {
            // Eq. 2 to 7, then Eq. 8, then Eq. 9 to 13.
            var weights = await stages.TokenWeightsAsync(rationales).ConfigureAwait(false);
            if (last == Stage.TokenWeights)
            {
                return;
            }

            var difficulties = await stages.StepDifficultyAsync(rationales, weights).ConfigureAwait(false);
            if (last == Stage.StepDifficulty)
            {
                return;
            }

            var schedule = await stages.ScheduleAsync(rationales, difficulties).ConfigureAwait(false);
            if (last == Stage.Schedule)
            {
                return;
            }

            await stages.DistillAsync(rationales, weights, difficulties, schedule).ConfigureAwait(false);
        }
        else
        {
            await stages.DistillAsync(rationales).ConfigureAwait(false);
        }

        if (last == Stage.Student)
        {
            return;
        }

        await stages.EvaluationAsync(questions).ConfigureAwait(false);
        if (last == Stage.Evaluation)
        {
            return;
        }

        stages.Report();
    }
}

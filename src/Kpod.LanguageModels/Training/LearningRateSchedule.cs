namespace Kpod.LanguageModels.Training;

/// <summary>The learning rate of each optimizer step, as the Hugging Face schedules of the same names compute it.</summary>
public static class LearningRateSchedule
{
    /// <summary>Multiplier of the highest rate.</summary>
    /// <param name="course">What follows the warm-up.</param>
    /// <param name="step">Optimizer step, from 0.</param>
    /// <param name="warmUpSteps">Steps over which the multiplier rises from 0 to 1.</param>
    /// <param name="totalSteps">Steps of the whole training, warm-up included.</param>
    /// <returns>A number in [0, 1].</returns>
    public static double Multiplier(LearningRateCourse course, long step, long warmUpSteps, long totalSteps)
    {
        if (step < warmUpSteps)
        {
            return (double)step / Math.Max(1, warmUpSteps);
        }

        var remaining = (double)Math.Max(1, totalSteps - warmUpSteps);
        return course switch
        {
            LearningRateCourse.Constant => 1,
            LearningRateCourse.Linear => Math.Max(0, (totalSteps - step) / remaining),
            LearningRateCourse.Cosine => Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * (step - warmUpSteps) / remaining))),
            _ => throw new ArgumentOutOfRangeException(nameof(course), course, "No such course of the learning rate."),
        };
    }
}

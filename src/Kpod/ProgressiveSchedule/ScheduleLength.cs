namespace Kpod.ProgressiveSchedule;

/// <summary>
/// How long a schedule is where the recipe does not say: stages, stages an epoch and steps a selection from the rationales' steps and the number of epochs, so that the
/// stage rule itself comes to whole rationales by stage T and each rationale is visited at several stages on the way.
/// </summary>
internal static class ScheduleLength
{
    // The paper's shortest schedule.
    private const int FewestStages = 10;

    // Visits of each rationale until stage T.
    private const int Visits = 2;

    // H(T) as a share of B to which the stage rule itself must come; stage T hands over the rest.
    private const double EnoughShare = 0.98;

    // More stages an epoch than this, or fewer questions a stage, would make stages of a few optimizer steps; then a selection hands over more steps instead.
    private const int MostStagesPerEpoch = 12;
    private const int FewestQuestionsPerStage = 8;

    /// <summary>Fills the length in.</summary>
    /// <param name="steps">d of each step of each rationale, in nat.</param>
    /// <param name="clusters">Cluster of each rationale.</param>
    /// <param name="questions">Number of questions, of which an epoch visits each once.</param>
    /// <param name="options">Options without a length.</param>
    /// <param name="epochs">N_e.</param>
    /// <param name="visitOrder">Decides ties.</param>
    /// <param name="cancel">Stops the search.</param>
    /// <returns>Options with stages, stages an epoch and steps a selection.</returns>
    public static ScheduleOptions Of(
        double[][] steps, int[] clusters, int questions, ScheduleOptions options, int epochs, VisitOrder visitOrder, CancellationToken cancel)
    {
        var progressive = ProgressiveEpochs(epochs, steps.Length / (double)questions);
        var most = Math.Clamp(questions / FewestQuestionsPerStage, 1, MostStagesPerEpoch);
        var fewest = Math.Min(most, (int)Math.Ceiling(FewestStages / progressive));
        var enough = EnoughShare * steps.Sum(ofRationale => ofRationale.Sum());
        var longest = steps.Max(ofRationale => ofRationale.Length);
        for (var released = 1; ; released++)
        {
            for (var perEpoch = fewest; perEpoch <= most; perEpoch++)
            {
                var stages = Math.Max(1, (int)Math.Round(progressive * perEpoch));
                var tried = options with { Stages = stages, StagesPerEpoch = perEpoch, StepsPerSelection = released, ForceZeroAtEnd = false };
                if (released >= longest || StagePlanner.FinalDifficulty(steps, clusters, tried, stages, visitOrder, cancel) >= enough)
                {
                    return tried with { ForceZeroAtEnd = true };
                }
            }
        }
    }

    /// <summary>Fewest epochs in which every rationale is visited at several stages and once more as a whole.</summary>
    /// <param name="perQuestion">Rationales a question.</param>
    /// <returns>A number of epochs.</returns>
    public static int FewestEpochs(double perQuestion) => (int)Math.Ceiling(Visits * perQuestion) + 1;

    // Half of the epochs as in the paper, or as many as it takes to visit each rationale several times, if only one is left for whole ones.
    private static double ProgressiveEpochs(int epochs, double perQuestion) =>
        epochs == 1 ? 0.5 : Math.Max((epochs + 1) / 2, Math.Min(epochs - 1, (int)Math.Ceiling(Visits * perQuestion)));
}

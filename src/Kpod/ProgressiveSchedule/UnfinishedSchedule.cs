namespace Kpod.ProgressiveSchedule;

/// <summary>
/// Tells of a schedule that cannot finish (methods (h)5): a rationale hands over Delta_s steps a stage at most, so few stages starve it, and the steps that are
/// left come all at once after stage T.
/// </summary>
internal static class UnfinishedSchedule
{
    // H(T) below this share of B is worth a word.
    private const double EnoughShare = 0.95;

    // A rationale that is visited less often while it is partly given is hardly ever given less than before.
    private const int FewestVisits = 2;

    // Rationales times stages that the search for a remedy may plan: about half a second.
    private const long MostWork = 2_000_000;

    /// <summary>What the user should know about the end of a schedule.</summary>
    /// <param name="steps">d of each step of each rationale, in nat.</param>
    /// <param name="clusters">Cluster of each rationale.</param>
    /// <param name="options">The options of the plan.</param>
    /// <param name="epochs">N_e.</param>
    /// <param name="visitOrder">The plan's own.</param>
    /// <param name="last">Its stage T.</param>
    /// <param name="cancel">Stops the search for a remedy.</param>
    /// <returns>Messages; none where all is well.</returns>
    public static IEnumerable<string> Warnings(
        double[][] steps, int[] clusters, ScheduleOptions options, int epochs, VisitOrder visitOrder, StagePlan last, CancellationToken cancel)
    {
        var maximum = steps.Sum(ofRationale => ofRationale.Sum());
        var stages = options.StageCount(epochs);
        var ofTraining = (long)epochs * options.PerEpoch;
        if (ofTraining < stages)
        {
            yield return $"The schedule has {stages} stages, the training only {ofTraining} ({epochs} epochs, stagesPerEpoch: {options.PerEpoch}): "
                + "it ends before the student has written whole rationales. "
                + "Lower schedule.stages, or raise distillation.epochs or schedule.stagesPerEpoch.";
        }

        if (last.Difficulty < EnoughShare * maximum)
        {
            var search = new Search(steps, clusters, options, visitOrder, EnoughShare * maximum, cancel);
            var whole = last.GivenSteps.Count(given => given == 0) / (double)steps.Length;
            yield return FormattableString.Invariant($"The schedule cannot finish: at its last stage, T = {stages}, the student writes ")
                + FormattableString.Invariant($"{last.Difficulty / maximum:0.00} B ")
                + FormattableString.Invariant($"and {100 * whole:0} % of the rationales whole; the rest follows at once after it. ")
                + Remedies(search, options, epochs, stages);
        }
    }

    /// <summary>Tells of a training too short for rationales to be visited at several stages while they are partly given.</summary>
    /// <param name="perQuestion">Rationales a question, of which an epoch visits one.</param>
    /// <param name="options">The options of the plan, its length in them.</param>
    /// <param name="epochs">N_e.</param>
    /// <returns>A message; none where all is well.</returns>
    public static IEnumerable<string> FewVisits(double perQuestion, ScheduleOptions options, int epochs)
    {
        var visits = options.StageCount(epochs) / (double)options.PerEpoch / perQuestion;
        if (visits < FewestVisits - 1e-9)
        {
            yield return FormattableString.Invariant($"Until stage T a rationale is visited {visits:0.#} times on average ({epochs} epochs, {perQuestion:0.#} rationales a question): ")
                + FormattableString.Invariant($"what is given to it hardly ever shrinks from one visit to the next. With distillation.epochs: {ScheduleLength.FewestEpochs(perQuestion)}, or fewer rationales.perQuestion, it does.");
        }
    }

    private static string Remedies(Search search, ScheduleOptions options, int epochs, int stages)
    {
        var remedies = new List<string>();
        if (search.SmallestStages(stages) is { } enoughStages)
        {
            remedies.Add($"schedule.stages: {enoughStages}" + NeededEpochs(enoughStages, options, epochs));

            // Where T is written in the recipe, more stages an epoch only shorten each.
            if (options.Stages is null)
            {
                remedies.Add($"schedule.stagesPerEpoch: {SmallestStagesPerEpoch(enoughStages, options, epochs)}");
            }
        }

        if (search.SmallestStepsPerSelection(stages) is { } enoughSteps)
        {
            remedies.Add($"schedule.stepsPerSelection: {enoughSteps}");
        }

        return remedies.Count == 0 ? "More stages are needed." : $"Each of these alone mends it: {string.Join("; ", remedies)}.";
    }

    private static string NeededEpochs(int stages, ScheduleOptions options, int epochs)
    {
        var needed = ((long)stages + options.PerEpoch - 1) / options.PerEpoch;
        return needed > epochs ? $" (with distillation.epochs: {needed} at least)" : string.Empty;
    }

    private static int SmallestStagesPerEpoch(int stages, ScheduleOptions options, int epochs)
    {
        var perEpoch = options.PerEpoch;
        while ((options with { StagesPerEpoch = perEpoch }).StageCount(epochs) < stages)
        {
            perEpoch++;
        }

        return perEpoch;
    }

    /// <summary>Finds the smallest value of a key that mends the schedule, by planning it; H(T) is taken to grow with each key.</summary>
    private sealed class Search(double[][] steps, int[] clusters, ScheduleOptions options, VisitOrder visitOrder, double enough, CancellationToken cancel)
    {
        private long _work;

        public int? SmallestStages(int current) => Smallest(current, int.MaxValue / 2, stages => Mends(options, stages));

        public int? SmallestStepsPerSelection(int stages) => Smallest(
            options.Released, steps.Max(ofRationale => ofRationale.Length), released => Mends(options with { StepsPerSelection = released }, stages));

        // Doubles until it mends, then halves the interval between what does not and what does.
        private int? Smallest(int tooSmall, int most, Func<int, bool?> mends)
        {
            _work = 0;
            int? smallest = null;
            while (smallest is null || smallest - tooSmall > 1)
            {
                if (tooSmall >= most)
                {
                    return null;
                }

                var next = smallest is { } large ? tooSmall + ((large - tooSmall) / 2) : (int)Math.Min(most, 2L * tooSmall);
                if (mends(next) is not { } enoughNow)
                {
                    return null;
                }

                (tooSmall, smallest) = enoughNow ? (tooSmall, next) : (next, smallest);
            }

            return smallest;
        }

        // Null where looking would take too long.
        private bool? Mends(ScheduleOptions other, int stages)
        {
            _work += (long)stages * steps.Length;
            return _work > MostWork ? null : StagePlanner.FinalDifficulty(steps, clusters, other, stages, visitOrder, cancel) >= enough;
        }
    }
}

using Kpod.ProgressiveSchedule.Clusters;
using Kpod.Runs;
using Kpod.StepDifficulty;

namespace Kpod.ProgressiveSchedule;

/// <summary>
/// Plans the whole progressive distillation before it begins (Algorithm 1): D(t) of Eq. 10, c(0), and for each stage the rationales that hand their next steps
/// over to the student (Eq. 11 to 13). What a stage leaves of its budget, the next one has.
/// </summary>
public static class StagePlanner
{
    /// <summary>Plans the stages of a training.</summary>
    /// <param name="rationales">Steps and difficulties.</param>
    /// <param name="clusters">Cluster of each rationale's question (<see cref="QuestionClusters"/>).</param>
    /// <param name="options">The options.</param>
    /// <param name="epochs">N_e: epochs of the training.</param>
    /// <param name="seed">The run's seed; it decides ties.</param>
    /// <param name="progress">Hears how many stages are planned.</param>
    /// <param name="cancel">Stops between two stages.</param>
    /// <returns>The plan, with warnings about a schedule that cannot finish.</returns>
    /// <exception cref="KpodException">An option is out of range, there is nothing to plan, or a difficulty is not a number of 0 or more.</exception>
    public static StageSchedule Plan(
        IReadOnlyList<RationaleDifficulty> rationales,
        IReadOnlyList<int> clusters,
        ScheduleOptions options,
        int epochs,
        long seed,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancel = default)
    {
        return Plan(rationales, clusters, options, epochs, Shuffled, progress, cancel);

        IReadOnlyList<int> Shuffled(int stage, int round)
        {
            var order = Enumerable.Range(0, rationales.Count).ToArray();
            Seeds.Generator(seed, stage == 0 ? "visit order of the initial selection" : "visit order of a stage", stage == 0 ? round : stage).Shuffle(order);
            return order;
        }
    }

    /// <summary>Plans with an order of visits from outside.</summary>
    /// <param name="rationales">As above.</param>
    /// <param name="clusters">As above.</param>
    /// <param name="options">As above.</param>
    /// <param name="epochs">As above.</param>
    /// <param name="visitOrder">Decides ties.</param>
    /// <param name="progress">As above.</param>
    /// <param name="cancel">As above.</param>
    /// <returns>The plan.</returns>
    internal static StageSchedule Plan(
        IReadOnlyList<RationaleDifficulty> rationales,
        IReadOnlyList<int> clusters,
        ScheduleOptions options,
        int epochs,
        VisitOrder visitOrder,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancel = default)
    {
        Check(rationales, clusters, options);
        double[][] steps = [.. rationales.Select(rationale => rationale.Steps.Select(step => step.Difficulty).ToArray())];
        int[] clusterOf = [.. clusters];
        var questions = rationales.Select(rationale => rationale.QuestionId).Distinct(StringComparer.Ordinal).Count();
        options = options.FollowsData ? ScheduleLength.Of(steps, clusterOf, questions, options, epochs, visitOrder, cancel) : options;
        var curve = Curve(steps, options, options.StageCount(epochs));
        var walk = new StageWalk(steps, clusterOf, options, visitOrder);
        walk.Start(curve.InitialDifficulty);
        int[] initial = [.. walk.Given];
        var stages = new List<StagePlan>(curve.Stages);
        for (var stage = 1; stage <= curve.Stages; stage++)
        {
            cancel.ThrowIfCancellationRequested();
            var selected = Select(walk, curve, options, stage);
            stages.Add(new StagePlan(stage, curve.At(stage), walk.Difficulty(), selected, PerCluster(selected, clusterOf, options.Clusters), [.. walk.Given]));
            progress?.Report(new StageProgress(stage, curve.Stages, "stages"));
        }

        return new StageSchedule
        {
            MaximumDifficulty = curve.MaximumDifficulty,
            InitialDifficulty = curve.InitialDifficulty,
            GrowthRate = curve.GrowthRate,
            GrowthPower = curve.GrowthPower,
            DiversityWeight = options.DiversityWeight,
            StagesPerEpoch = options.PerEpoch,
            StepsPerSelection = options.Released,
            Rationales = [.. rationales.Select((rationale, item) =>
                new ScheduledRationale(rationale.QuestionId, rationale.Sample, steps[item].Length, clusterOf[item], steps[item].Sum()))],
            InitialGivenSteps = initial,
            Stages = stages,
            Warnings = [.. UnfinishedSchedule.Warnings(steps, clusterOf, options, epochs, visitOrder, stages[^1], cancel), .. UnfinishedSchedule.FewVisits(steps.Length / (double)questions, options, epochs)],
        };
    }

    /// <summary>H(T) of a plan with other options, without the plan itself.</summary>
    /// <param name="steps">d of each step of each rationale, in nat.</param>
    /// <param name="clusters">Cluster of each rationale.</param>
    /// <param name="options">The options.</param>
    /// <param name="stages">T.</param>
    /// <param name="visitOrder">Decides ties.</param>
    /// <param name="cancel">Stops between two stages.</param>
    /// <returns>The difficulty that is written at stage T, in nat.</returns>
    internal static double FinalDifficulty(
        double[][] steps, int[] clusters, ScheduleOptions options, int stages, VisitOrder visitOrder, CancellationToken cancel)
    {
        var curve = Curve(steps, options, stages);
        var walk = new StageWalk(steps, clusters, options, visitOrder);
        walk.Start(curve.InitialDifficulty);
        for (var stage = 1; stage <= stages; stage++)
        {
            cancel.ThrowIfCancellationRequested();
            Select(walk, curve, options, stage);
        }

        return walk.Difficulty();
    }

    private static IReadOnlyList<int> Select(StageWalk walk, DifficultyCurve curve, ScheduleOptions options, int stage) =>
        options.ForceZeroAtEnd && stage == curve.Stages ? walk.Finish() : walk.Advance(curve.At(stage), stage, round: 0);

    private static DifficultyCurve Curve(double[][] steps, ScheduleOptions options, int stages)
    {
        var maximum = steps.Sum(ofRationale => ofRationale.Sum());
        return new DifficultyCurve(maximum, options.InitialShare * maximum, options.GrowthPower, stages);
    }

    private static int[] PerCluster(IReadOnlyList<int> selected, int[] clusters, int clusterCount)
    {
        var counts = new int[clusterCount];
        foreach (var item in selected)
        {
            counts[clusters[item]]++;
        }

        return counts;
    }

    private static void Check(IReadOnlyList<RationaleDifficulty> rationales, IReadOnlyList<int> clusters, ScheduleOptions options)
    {
        var faults = options.Check().ToList();
        if (rationales.Count == 0)
        {
            faults.Add("there is no rationale to schedule.");
        }

        foreach (var rationale in rationales)
        {
            var wrong = rationale.Steps.FirstOrDefault(step => !(step.Difficulty >= 0 && double.IsFinite(step.Difficulty)));
            var name = $"rationale {rationale.QuestionId}#{rationale.Sample}";
            if (rationale.Steps.Count == 0)
            {
                faults.Add($"{name} has no steps.");
            }
            else if (wrong is not null)
            {
                faults.Add(FormattableString.Invariant($"{name} has a step of difficulty {wrong.Difficulty}; it must be a number of 0 or more."));
            }
        }

        if (faults.Count > 0)
        {
            throw KpodException.FromFaults("Schedule", faults);
        }

        if (clusters.Count != rationales.Count || clusters.Any(cluster => cluster < 0 || cluster >= options.Clusters))
        {
            throw new ArgumentException($"{rationales.Count} rationales need as many clusters, each below {options.Clusters}.", nameof(clusters));
        }
    }
}

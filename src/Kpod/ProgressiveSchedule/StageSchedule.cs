namespace Kpod.ProgressiveSchedule;

/// <summary>The whole plan: how many steps of which rationale are given at which stage (Eq. 9 to 13). Stored as <c>05-schedule.json</c>.</summary>
public sealed record StageSchedule
{
    /// <summary>B: the sum of all step difficulties, in nat.</summary>
    public required double MaximumDifficulty { get; init; }

    /// <summary>C_0: difficulty allowed at stage 0, in nat.</summary>
    public required double InitialDifficulty { get; init; }

    /// <summary>u of Eq. 10.</summary>
    public required double GrowthRate { get; init; }

    /// <summary>p of Eq. 10.</summary>
    public required double GrowthPower { get; init; }

    /// <summary>beta of Eq. 12.</summary>
    public required double DiversityWeight { get; init; }

    /// <summary>Stages that share an epoch.</summary>
    public int StagesPerEpoch { get; init; } = 1;

    /// <summary>Delta_s: steps that a selected rationale hands over.</summary>
    public int StepsPerSelection { get; init; } = 1;

    /// <summary>What is scheduled, in the order of every list below.</summary>
    public required IReadOnlyList<ScheduledRationale> Rationales { get; init; }

    /// <summary>c(0): given steps per rationale before the first stage.</summary>
    public required IReadOnlyList<int> InitialGivenSteps { get; init; }

    /// <summary>Stages 1 to T.</summary>
    public required IReadOnlyList<StagePlan> Stages { get; init; }

    /// <summary>What the user should know, such as a schedule that cannot finish and what would mend it.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A rationale in the schedule.</summary>
/// <param name="QuestionId">The question.</param>
/// <param name="Sample">The rationale's number among those of its question.</param>
/// <param name="Steps">n: its number of steps.</param>
/// <param name="Cluster">Cluster of its question, from 0.</param>
/// <param name="Difficulty">Sum of its step difficulties, in nat.</param>
public sealed record ScheduledRationale(string QuestionId, int Sample, int Steps, int Cluster, double Difficulty);

/// <summary>One stage t.</summary>
/// <param name="Stage">t, from 1.</param>
/// <param name="Ceiling">D(t) of Eq. 10, in nat.</param>
/// <param name="Difficulty">H(t): difficulty that the student must write after the selection, in nat.</param>
/// <param name="Selected">S(t): indices of the selected rationales, ascending.</param>
/// <param name="SelectedPerCluster">How many of S(t) lie in each cluster.</param>
/// <param name="GivenSteps">c(t): given steps per rationale.</param>
public sealed record StagePlan(
    int Stage,
    double Ceiling,
    double Difficulty,
    IReadOnlyList<int> Selected,
    IReadOnlyList<int> SelectedPerCluster,
    IReadOnlyList<int> GivenSteps);

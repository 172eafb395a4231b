using Kpod.Files;
using Kpod.ProgressiveSchedule.Clusters;
using Kpod.RationaleGeneration;
using Kpod.Runs;
using Kpod.StepDifficulty;
using Kpod.Students;

namespace Kpod.ProgressiveSchedule;

/// <summary>Stage 5: how many steps of which rationale are given at which stage (Eq. 9 to 13).</summary>
internal sealed class ProgressiveScheduleStage(
    RunFolder run, UntrainedStudent student, ScheduleOptions options, int epochs, KeptRationales rationales, IReadOnlyList<RationaleDifficulty> difficulties, long seed, CancellationToken cancel)
    : IStageWork<StageSchedule>
{
    /// <inheritdoc/>
    public string Name => Stage.Schedule.Name();

    /// <inheritdoc/>
    public string Inputs => InputsHash.Of(
        ("difficulties", run.HashOf(RunFiles.StepDifficulty)),
        ("options", options with { WordVectors = null }),
        ("epochs", epochs),
        ("seed", seed),
        ("embedding", options.WordVectors is { } file ? InputsHash.OfFile(file) : student.Identity));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ComputeAsync()
    {
        cancel.ThrowIfCancellationRequested();
        var clusters = QuestionClusters.Find(rationales.Encoded.Value, options.Clusters, options.WordVectors, () => student.Checkpoint, seed, cancel);
        JsonArtefact.Write(run.PathOf(RunFiles.Schedule), StagePlanner.Plan(difficulties, clusters, options, epochs, seed, run.ProgressOf(Name), cancel));
        return Task.FromResult<IReadOnlyList<string>>([RunFiles.Schedule]);
    }

    /// <inheritdoc/>
    public StageSchedule Read() => JsonArtefact.Read<StageSchedule>(run.PathOf(RunFiles.Schedule));
}

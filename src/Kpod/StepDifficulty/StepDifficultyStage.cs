using Kpod.Files;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;
using Kpod.Students;
using Kpod.TokenWeighting.Weights;

namespace Kpod.StepDifficulty;

/// <summary>Stage 4: the steps of each rationale and their difficulty under the un-distilled student (Eq. 8).</summary>
internal sealed class StepDifficultyStage(
    RunFolder run, UntrainedStudent student, StepDifficultyOptions options, KeptRationales rationales, IReadOnlyList<RationaleTokenWeights> weights, CancellationToken cancel)
    : IStageWork<IReadOnlyList<RationaleDifficulty>>
{
    /// <inheritdoc/>
    public string Name => Stage.StepDifficulty.Name();

    /// <inheritdoc/>
    public string Inputs => InputsHash.Of(
        ("rationales", run.HashOf(RunFiles.Rationales)), ("weights", run.HashOf(RunFiles.TokenWeights)), ("options", options), ("student", student.Identity));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ComputeAsync()
    {
        cancel.ThrowIfCancellationRequested();
        JsonArtefact.WriteLines(
            run.PathOf(RunFiles.StepDifficulty),
            DifficultyAssessor.Assess(student.Checkpoint.Model, rationales.Encoded.Value, weights, options, run.ProgressOf(Name), cancel));
        return Task.FromResult<IReadOnlyList<string>>([RunFiles.StepDifficulty]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RationaleDifficulty> Read() => JsonArtefact.ReadLines<RationaleDifficulty>(run.PathOf(RunFiles.StepDifficulty));

    /// <summary>Where the steps of a rationale end, for stages that may not know of steps.</summary>
    /// <param name="options">How steps are cut.</param>
    /// <returns>Gives, of a rationale, one past the last token of each step, ascending.</returns>
    public static Func<EncodedRationale, int[]> StepEndsBy(StepDifficultyOptions options) => rationale =>
        [.. TokenSteps.Map(rationale.Text, StepSplitter.Split(rationale.Text, options.SplitOnNewline), rationale.RationaleTokens).Select(step => step.EndToken)];
}

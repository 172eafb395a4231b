using Kpod.Files;
using Kpod.LanguageModels.Checkpoints;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;
using Kpod.Students;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Weights;

namespace Kpod.TokenWeighting;

/// <summary>Stage 3: a weight for every rationale token (Eq. 2 to 7).</summary>
/// <param name="run">Where it is kept.</param>
/// <param name="student">The student before distillation.</param>
/// <param name="options">The recipe's section.</param>
/// <param name="splitsOnNewline">How steps are cut, as in the next stage.</param>
/// <param name="stepEnds">One past the last token of each step of a rationale, for prefixes that end where steps end.</param>
/// <param name="rationales">The rationales.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="cancel">Ends the learning; it goes on from its state.</param>
internal sealed class TokenWeightingStage(
    RunFolder run, UntrainedStudent student, TokenWeightingOptions options, bool splitsOnNewline, Func<EncodedRationale, int[]> stepEnds, KeptRationales rationales, long seed, CancellationToken cancel)
    : IStageWork<IReadOnlyList<RationaleTokenWeights>>
{
    /// <inheritdoc/>
    public string Name => Stage.TokenWeights.Name();

    /// <inheritdoc/>
    public string Inputs => InputsHash.Of(
        ("rationales", run.HashOf(RunFiles.Rationales)),
        ("options", options with { File = null, PredictorCheckpoint = null }),
        ("file", options.File is { } file ? InputsHash.OfFile(file) : string.Empty),
        ("predictor", options.PredictorCheckpoint is { } predictor ? CheckpointLoader.Fingerprint(predictor) : string.Empty),
        ("steps", splitsOnNewline),
        ("seed", seed),
        ("student", student.Identity));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ComputeAsync()
    {
        cancel.ThrowIfCancellationRequested();
        var weigher = new RationaleWeigher(student.Checkpoint, options, seed)
        {
            Files = State(),
            OpenCheckpoint = student.LoadWhole,
            StepEnds = stepEnds,
            OnLook = look => run.Tell(new RunEvent(run.Now(), "looked", Name, Message: look.ToString())),
        };
        var weighed = Weigh(weigher);
        JsonArtefact.WriteLines(run.PathOf(RunFiles.TokenWeights), weighed.Weights);
        if (weighed.Diagnosis is { } diagnosis)
        {
            JsonArtefact.Write(run.PathOf(RunFiles.TokenWeightsSummary), diagnosis);
        }

        return Task.FromResult<IReadOnlyList<string>>(options.Source == TokenWeightSource.Learned ? [RunFiles.TokenWeights, RunFiles.TokenWeightsSummary] : [RunFiles.TokenWeights]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RationaleTokenWeights> Read() => JsonArtefact.ReadLines<RationaleTokenWeights>(run.PathOf(RunFiles.TokenWeights));

    /// <inheritdoc/>
    public void CleanUp() => State().DeleteState();

    private MaskLearningFiles State() => new(run.PathOf(RunFiles.MaskLearningState), Inputs);

    // What was measured before a collapse is kept: it took as long as weights of use, and says what to change.
    private WeighedRationales Weigh(RationaleWeigher weigher)
    {
        try
        {
            return weigher.Weigh(rationales.Encoded.Value, run.ProgressOf(Name), cancel);
        }
        catch (MaskLearningException failure) when (failure.Diagnosis is not null)
        {
            JsonArtefact.Write(run.PathOf(RunFiles.TokenWeightsCollapsed), failure.Diagnosis);
            throw;
        }
    }
}

using Kpod.Files;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Native;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;
using Kpod.Students;
using Kpod.TokenWeighting.Diagnosis;
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
    public string Inputs => InputsFor(options);

    private MaskLearningFiles Files => new(run.PathOf(RunFiles.MaskLearningState), Inputs, run.PathOf(RunFiles.MaskLearningPredictor), InputsFor(options.ShapingPredictor));

    /// <summary>Weighs the tokens; first the answer predictor, which is a piece of work of its own: another price, and a run beside this one, take it as it is.</summary>
    /// <returns>A weight for every token.</returns>
    public async Task<IReadOnlyList<RationaleTokenWeights>> RunAsync()
    {
        if (options is { Source: TokenWeightSource.Learned, Training: MaskTraining.PredictorFirst } && !run.IsDone(Name, Inputs))
        {
            var predictor = $"{Name} (predictor)";
            await run.OnceAsync(predictor, Files.PredictorHash, () =>
            {
                Weigher().TrainPredictor(rationales.Encoded.Value, run.ProgressOf(predictor), cancel);
                return Task.FromResult<IReadOnlyList<string>>([RunFiles.MaskLearningPredictor]);
            }, () => true).ConfigureAwait(false);
        }

        return await run.DoAsync(this).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ComputeAsync()
    {
        cancel.ThrowIfCancellationRequested();
        var weighed = Weigh();
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
    public void CleanUp() => Files.DeleteState();

    private RationaleWeigher Weigher() => new(student.Checkpoint, options, seed)
    {
        Files = Files,
        OpenCheckpoint = path => student.LoadWhole(path, options.WholePredictor ? WeightPrecision.Float32 : null),
        StepEnds = stepEnds,
        OnLook = look => run.Tell(new RunEvent(run.Now(), "looked", Name, Message: look.ToString())),
        OnPrice = message => run.Tell(new RunEvent(run.Now(), "priced", Name, Message: message)),
    };

    private string InputsFor(TokenWeightingOptions shaping) => InputsHash.Of(
        ("rationales", run.HashOf(RunFiles.Rationales)),
        ("options", shaping with { File = null, PredictorCheckpoint = null }),
        ("file", shaping.File is { } file ? InputsHash.OfFile(file) : string.Empty),
        ("predictor", options.PredictorCheckpoint is { } predictor ? CheckpointLoader.Fingerprint(predictor) : string.Empty),
        ("steps", splitsOnNewline),
        ("seed", seed),
        ("student", student.Identity));

    // What was measured before a collapse is kept: it took as long as weights of use, and says what to change.
    private WeighedRationales Weigh()
    {
        try
        {
            return Weigher().Weigh(rationales.Encoded.Value, run.ProgressOf(Name), cancel);
        }
        catch (MaskLearningException failure) when (failure.Diagnosis is not null)
        {
            JsonArtefact.Write(run.PathOf(RunFiles.TokenWeightsCollapsed), failure.Diagnosis);
            throw;
        }
    }
}

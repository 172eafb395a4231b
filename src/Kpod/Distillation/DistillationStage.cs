using Kpod.Distillation.Methods;
using Kpod.Distillation.Options;
using Kpod.Distillation.Training;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using Kpod.Runs;
using Kpod.Students;

namespace Kpod.Distillation;

/// <summary>Stage 6: trains the student with the recipe's method; an adapter, or a whole model where every weight is trained.</summary>
/// <param name="run">Where it is kept.</param>
/// <param name="student">The student before distillation.</param>
/// <param name="method">The recipe's method.</param>
/// <param name="options">The recipe's section.</param>
/// <param name="material">What it is taught with.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="cancel">Ends the training; it goes on from its state.</param>
internal sealed class DistillationStage(
    RunFolder run, UntrainedStudent student, DistillationMethod method, DistillationOptions options, DistillationMaterial material, long seed, CancellationToken cancel)
    : IStageWork<bool>
{
    private readonly IDistillationMethod _method = method.Entry().Make(new MethodInputs(options, material.Keypoints?.Schedule));

    /// <inheritdoc/>
    public string Name => Stage.Student.Name();

    /// <inheritdoc/>
    public string Inputs => InputsHash.Of(
        ("method", method),
        ("rationales", run.HashOf(RunFiles.Rationales)),
        ("artefacts", material.Keypoints is null ? Array.Empty<string>() : [run.HashOf(RunFiles.TokenWeights), run.HashOf(RunFiles.StepDifficulty), run.HashOf(RunFiles.Schedule)]),
        ("options", options with { SaveEverySteps = 1 }),
        ("stagesPerEpoch", _method.StagesPerEpoch),
        ("seed", seed),
        ("student", student.Identity));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ComputeAsync()
    {
        CheckKeypoints();
        using var whole = options.FullFineTuning ? student.LoadCopy() : null;
        var written = whole is null
            ? TrainedStudent.TrainAdapter(student.Checkpoint, options.Lora, seed, run.PathOf(RunFiles.Student), Train)
            : TrainedStudent.TrainEveryWeight(whole, run.PathOf(RunFiles.Student), Train);
        return Task.FromResult<IReadOnlyList<string>>([.. written.Select(file => $"{RunFiles.Student}/{file}"), RunFiles.TrainingLog]);
    }

    /// <inheritdoc/>
    public bool Read() => true;

    /// <inheritdoc/>
    public void CleanUp() => State().DeleteState();

    private TrainingFiles State() => new(run.PathOf(RunFiles.TrainingState), run.PathOf(RunFiles.TrainingLog), Inputs);

    private void Train(ILanguageModel model, IReadOnlyList<NamedParameter> parameters) =>
        new Distiller(model, parameters, options, seed, TimeProvider.System).Train(material.Items(), _method, State(), run.ProgressOf(Name), cancel);

    private void CheckKeypoints()
    {
        if (material.Keypoints is not { } found)
        {
            return;
        }

        var kept = material.Rationales.Encoded.Value.Count;
        foreach (var (artefact, count) in new[] { (RunFiles.TokenWeights, found.Weights.Count), (RunFiles.StepDifficulty, found.Difficulties.Count) })
        {
            if (count != kept)
            {
                throw RunIntegrity.Altered(run.PathOf(artefact), $"has {count} rationales, but {kept} are kept");
            }
        }
    }
}

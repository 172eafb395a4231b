using Kpod.Datasets;
using Kpod.Datasets.Questions;
using Kpod.Files;
using Kpod.RationaleGeneration.Rationales;
using Kpod.RationaleGeneration.Teachers;
using Kpod.Runs;
using Kpod.Students;

namespace Kpod.RationaleGeneration;

/// <summary>Stage 2: the teacher's rationales, recorded or asked for; those with a wrong answer are dropped.</summary>
internal sealed class RationaleGenerationStage(
    RunFolder run, UntrainedStudent student, RationaleOptions options, DatasetOptions dataset, IReadOnlyList<SplitQuestion> questions, long seed, CancellationToken cancel)
    : IStageWork<KeptRationales>
{
    private readonly Question[] _train = [.. questions.Where(question => question.Split == "train").Select(question => question.ToQuestion())];

    /// <inheritdoc/>
    public string Name => Stage.Rationales.Name();

    /// <inheritdoc/>
    public string Inputs => InputsHash.Of(
        ("questions", run.HashOf(RunFiles.Questions)),
        ("options", options with { File = null, Ask = null }),
        ("source", options.Ask is { } ask ? ask.Shaping(TeacherSession.ModelOf(ask)) : options.File is { } own ? InputsHash.OfFile(own) : DataHash.Of(dataset.Train, "train")),
        ("seed", seed),
        ("student", student.Identity));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ComputeAsync()
    {
        cancel.ThrowIfCancellationRequested();
        var recorded = await RecordedAsync().ConfigureAwait(false);
        var encoder = Encoder();
        var rationales = new RationaleFilter(options, (question, rationale) => encoder.Measure(question, rationale), seed).Apply(_train, recorded);
        if (rationales.All(rationale => rationale.DropReason is not null))
        {
            var reasons = RationaleSummary.Of(_train.Length, rationales).Dropped.Select(pair => $"{pair.Key}: {pair.Value}");
            throw new KpodException($"No rationale is left to learn from: {(rationales.Count == 0 ? "there are none in the data set or file" : string.Join("; ", reasons))}. See rationales.file, rationales.ask, rationales.filter and rationales.maximumTokens.");
        }

        JsonArtefact.WriteLines(run.PathOf(RunFiles.Rationales), rationales);
        return options.Ask is null ? [RunFiles.Rationales] : [RunFiles.Rationales, RunFiles.TeacherUsage];
    }

    /// <inheritdoc/>
    public KeptRationales Read()
    {
        var all = JsonArtefact.ReadLines<Rationale>(run.PathOf(RunFiles.Rationales));
        return new KeptRationales(all, new Lazy<IReadOnlyList<EncodedRationale>>(() => Encode(all)));
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>>> RecordedAsync() =>
        options.Ask is { } ask ? await AskAsync(ask).ConfigureAwait(false)
        : options.File is { } file ? RecordedRationaleFile.Read(file, _train, allowOthers: dataset.Limit is not null)
        : QuestionSet.Load(dataset).Recorded;

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>>> AskAsync(TeacherOptions ask)
    {
        using var session = TeacherSession.Open(ask, seed, asks: true, Environment.GetEnvironmentVariable, TimeProvider.System, run.ProgressOf(Name));
        var generated = await session.Generator.GenerateAsync(_train, cancel).ConfigureAwait(false);
        JsonArtefact.Write(run.PathOf(RunFiles.TeacherUsage), generated.Usage);
        return generated.Rationales;
    }

    private IReadOnlyList<EncodedRationale> Encode(IReadOnlyList<Rationale> rationales)
    {
        var encoder = Encoder();
        var byId = _train.ToDictionary(question => question.Id);
        return [.. rationales.Where(rationale => rationale.DropReason is null).Select(rationale => encoder.Encode(
            byId.GetValueOrDefault(rationale.QuestionId) ?? throw RunIntegrity.Altered(run.PathOf(RunFiles.Rationales), $"explains the question '{rationale.QuestionId}', which {RunFiles.Questions} does not have"), rationale))];
    }

    private RationaleEncoder Encoder() => new(student.Checkpoint.Tokenizer, student.Checkpoint.Model.IsCausal, student.Checkpoint.EndIds[0]);
}

using Kpod.Datasets;
using Kpod.Datasets.Questions;
using Kpod.Distillation;
using Kpod.Evaluation;
using Kpod.Files;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Native;
using Kpod.LanguageModels.Training;
using Kpod.ProgressiveSchedule;
using Kpod.ProgressiveSchedule.Clusters;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Rationales;
using Kpod.RationaleGeneration.Teachers;
using Kpod.Runs;
using Kpod.StepDifficulty;
using Kpod.Students;
using Kpod.TokenWeighting;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Weights;
using TorchSharp;

namespace Kpod;

/// <summary>
/// What each stage of <see cref="KpodPipeline"/> does with a run's folder: what shapes it (and so decides whether it must be done again), how it is computed, and how its artefact is
/// written and read back.
/// </summary>
internal sealed class PipelineStages : IDisposable
{
    private readonly KpodRecipe _recipe;
    private readonly RunFolder _run;
    private readonly CancellationToken _cancel;
    private readonly torch.Device _device;
    private readonly Lazy<Checkpoint> _student;
    private readonly Lazy<string> _studentIdentity;

    public PipelineStages(KpodRecipe recipe, RunFolder run, CancellationToken cancel)
    {
        _recipe = recipe;
        _run = run;
        _cancel = cancel;
        if (recipe.Student.Threads is { } threads)
        {
            torch.set_num_threads(threads);
        }

        _device = ComputeDevices.Open(recipe.Student.Device);
        _student = new Lazy<Checkpoint>(() => Load(recipe.Student.Model, recipe.Student.KeepQuantised));
        _studentIdentity = new Lazy<string>(() => InputsHash.Of(
            ("checkpoint", CheckpointLoader.Fingerprint(recipe.Student.Model)), ("precision", recipe.Student.Precision), ("device", recipe.Student.Device), ("threads", torch.get_num_threads())));
        AtomicFile.WriteText(run.PathOf(RunFiles.Recipe), recipe.Yaml);
        JsonArtefact.Write(run.PathOf(RunFiles.Environment), RunEnvironment.Here(recipe.Seed, recipe.Student.Device));
    }

    public void Dispose()
    {
        if (_student.IsValueCreated)
        {
            _student.Value.Dispose();
        }
    }

    public Task<IReadOnlyList<SplitQuestion>> QuestionsAsync()
    {
        var dataset = _recipe.Dataset;
        string FileHash(DataPaths? paths, string split) => paths is null ? string.Empty : DataHash.Of(paths, split);
        var inputs = InputsHash.Of(
            ("format", dataset.Format?.ToString() ?? string.Empty), ("columns", dataset.Columns ?? new DatasetColumns()), ("limit", dataset.Limit ?? 0),
            ("train", FileHash(dataset.Train, "train")), ("validation", FileHash(dataset.Validation, "validation")), ("test", FileHash(dataset.Test, "test")));
        return Once(Stage.Questions, inputs, RunFiles.Questions, JsonArtefact.ReadLines<SplitQuestion>, () => JsonArtefact.WriteLines(
            _run.PathOf(RunFiles.Questions),
            Warned(QuestionSet.Load(dataset)).Splits.SelectMany(split => split.Questions.Select(question => new SplitQuestion(split.Name, question.Id, question.Text, question.Answer, question.Choices)))));
    }

    public async Task<KeptRationales> RationalesAsync(IReadOnlyList<SplitQuestion> questions)
    {
        var options = _recipe.Rationales;
        var train = questions.Where(question => question.Split == "train").Select(question => question.ToQuestion()).ToArray();
        object source = options.Ask is { } ask ? ask.Shaping(TeacherSession.ModelOf(ask)) : options.File is { } own ? InputsHash.OfFile(own) : DataHash.Of(_recipe.Dataset.Train, "train");
        var inputs = InputsHash.Of(
            ("questions", HashOf(RunFiles.Questions)), ("options", options with { File = null, Ask = null }), ("source", source),
            ("seed", _recipe.Seed), ("student", _studentIdentity.Value));
        var all = await _run.OnceAsync(Name(Stage.Rationales), inputs, async () =>
        {
            _cancel.ThrowIfCancellationRequested();
            var recorded = options.Ask is not null ? await AskAsync(options.Ask, train).ConfigureAwait(false)
                : options.File is { } file ? RecordedRationaleFile.Read(file, train, allowOthers: _recipe.Dataset.Limit is not null) : QuestionSet.Load(_recipe.Dataset).Recorded;
            var encoder = Encoder();
            var rationales = new RationaleFilter(options, (question, rationale) => encoder.Measure(question, rationale), _recipe.Seed).Apply(train, recorded);
            if (rationales.All(rationale => rationale.DropReason is not null))
            {
                var reasons = RationaleSummary.Of(train.Length, rationales).Dropped.Select(pair => $"{pair.Key}: {pair.Value}");
                throw new KpodException($"No rationale is left to learn from: {(rationales.Count == 0 ? "there are none in the data set or file" : string.Join("; ", reasons))}. See rationales.file, rationales.ask, rationales.filter and rationales.maximumTokens.");
            }

            JsonArtefact.WriteLines(_run.PathOf(RunFiles.Rationales), rationales);
            return options.Ask is null ? [RunFiles.Rationales] : [RunFiles.Rationales, RunFiles.TeacherUsage];
        }, () => JsonArtefact.ReadLines<Rationale>(_run.PathOf(RunFiles.Rationales))).ConfigureAwait(false);
        return new KeptRationales(all, new Lazy<IReadOnlyList<EncodedRationale>>(() => Encode(train, all)));
    }

    public async Task<IReadOnlyList<RationaleTokenWeights>> TokenWeightsAsync(KeptRationales rationales)
    {
        var options = _recipe.TokenWeights;
        var inputs = InputsHash.Of(
            ("rationales", HashOf(RunFiles.Rationales)), ("options", options with { File = null, PredictorCheckpoint = null }), ("file", (object)(options.File is { } file ? InputsHash.OfFile(file) : string.Empty)),
            ("predictor", options.PredictorCheckpoint is { } predictor ? CheckpointLoader.Fingerprint(predictor) : string.Empty),
            ("steps", _recipe.StepDifficulty.SplitOnNewline), ("seed", _recipe.Seed), ("student", _studentIdentity.Value));
        var files = new MaskLearningFiles(_run.PathOf(RunFiles.MaskLearningState), inputs);
        var weights = await Once(Stage.TokenWeights, inputs, RunFiles.TokenWeights, JsonArtefact.ReadLines<RationaleTokenWeights>, () =>
        {
            var weigher = new RationaleWeigher(_student.Value, options, _recipe.Seed)
            {
                Files = files,
                OpenCheckpoint = path => Load(path, keepsQuantised: false),
                StepEnds = rationale => [.. TokenSteps.Map(rationale.Text, StepSplitter.Split(rationale.Text, _recipe.StepDifficulty.SplitOnNewline), rationale.RationaleTokens).Select(step => step.EndToken)],
                OnLook = look => _run.Tell(new RunEvent(_run.Now(), "looked", Name(Stage.TokenWeights), Message: look.ToString())),
            };
            var weighed = Weigh(weigher, rationales.Encoded.Value);
            JsonArtefact.WriteLines(_run.PathOf(RunFiles.TokenWeights), weighed.Weights);
            if (weighed.Diagnosis is { } diagnosis)
            {
                JsonArtefact.Write(_run.PathOf(RunFiles.TokenWeightsSummary), diagnosis);
            }
        }, options.Source == TokenWeightSource.Learned ? [RunFiles.TokenWeightsSummary] : []).ConfigureAwait(false);
        files.DeleteState(); // only now: a kill before the manifest is written must not cost the learning
        return weights;
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>>> AskAsync(TeacherOptions ask, Question[] train)
    {
        using var session = TeacherSession.Open(ask, _recipe.Seed, asks: true, Environment.GetEnvironmentVariable, TimeProvider.System, _run.ProgressOf(Name(Stage.Rationales)));
        var generated = await session.Generator.GenerateAsync(train, _cancel).ConfigureAwait(false);
        JsonArtefact.Write(_run.PathOf(RunFiles.TeacherUsage), generated.Usage);
        return generated.Rationales;
    }

    // What was measured before a collapse is kept: it took as long as weights of use, and says what to change.
    private WeighedRationales Weigh(RationaleWeigher weigher, IReadOnlyList<EncodedRationale> rationales)
    {
        try
        {
            return weigher.Weigh(rationales, _run.ProgressOf(Name(Stage.TokenWeights)), _cancel);
        }
        catch (MaskLearningException failure) when (failure.Diagnosis is not null)
        {
            JsonArtefact.Write(_run.PathOf(RunFiles.TokenWeightsCollapsed), failure.Diagnosis);
            throw;
        }
    }

    public Task<IReadOnlyList<RationaleDifficulty>> StepDifficultyAsync(KeptRationales rationales, IReadOnlyList<RationaleTokenWeights> weights)
    {
        var inputs = InputsHash.Of(
            ("rationales", HashOf(RunFiles.Rationales)), ("weights", HashOf(RunFiles.TokenWeights)), ("options", _recipe.StepDifficulty), ("student", _studentIdentity.Value));
        return Once(Stage.StepDifficulty, inputs, RunFiles.StepDifficulty, JsonArtefact.ReadLines<RationaleDifficulty>, () => JsonArtefact.WriteLines(
            _run.PathOf(RunFiles.StepDifficulty),
            DifficultyAssessor.Assess(_student.Value.Model, rationales.Encoded.Value, weights, _recipe.StepDifficulty, _run.ProgressOf(Name(Stage.StepDifficulty)), _cancel)));
    }

    public async Task<StageSchedule> ScheduleAsync(KeptRationales rationales, IReadOnlyList<RationaleDifficulty> difficulties)
    {
        var options = _recipe.Schedule;
        var inputs = InputsHash.Of(
            ("difficulties", HashOf(RunFiles.StepDifficulty)), ("options", options with { WordVectors = null }), ("epochs", _recipe.Distillation.Epochs), ("seed", _recipe.Seed),
            ("embedding", options.WordVectors is { } file ? InputsHash.OfFile(file) : _studentIdentity.Value));
        var schedule = await Once(Stage.Schedule, inputs, RunFiles.Schedule, JsonArtefact.Read<StageSchedule>, () =>
        {
            var clusters = QuestionClusters.Find(rationales.Encoded.Value, options, () => _student.Value, _recipe.Seed, _cancel);
            JsonArtefact.Write(
                _run.PathOf(RunFiles.Schedule),
                StagePlanner.Plan(difficulties, clusters, options, _recipe.Distillation.Epochs, _recipe.Seed, _run.ProgressOf(Name(Stage.Schedule)), _cancel));
        }).ConfigureAwait(false);
        foreach (var warning in schedule.Warnings)
        {
            _run.Warn(warning);
        }

        return schedule;
    }

    public Task DistillAsync(KeptRationales rationales, IReadOnlyList<RationaleTokenWeights> weights, IReadOnlyList<RationaleDifficulty> difficulties, StageSchedule schedule)
    {
        var method = new KpodMethod(schedule, _recipe.Schedule.StagesPerEpoch, _recipe.Distillation);
        return Distill(method, [HashOf(RunFiles.TokenWeights), HashOf(RunFiles.StepDifficulty), HashOf(RunFiles.Schedule)], () =>
        [
            .. rationales.Encoded.Value.Select((rationale, index) => new DistillationItem(
                rationale, [.. weights[index].Tokens.Select(token => token.Weight)], [.. difficulties[index].Steps.Select(step => step.EndToken)], index)),
        ]);
    }

    public Task DistillAsync(KeptRationales rationales) => Distill(new PlainCotMethod(), [], () =>
    [
        .. rationales.Encoded.Value.Select((rationale, index) => new DistillationItem(
            rationale, [.. Enumerable.Repeat(1.0, rationale.RationaleTokens.Length)], [rationale.RationaleTokens.Length], index)),
    ]);

    public async Task<IReadOnlyList<EvaluationResult>> EvaluationAsync(IReadOnlyList<SplitQuestion> questions)
    {
        if (_recipe.Evaluation.Base)
        {
            await Examine("base", [], questions, ask => ask(_student.Value)).ConfigureAwait(false);
        }

        var (folder, isWhole) = (_run.PathOf(RunFiles.Student), _recipe.Distillation.FullFineTuning);
        await Examine("student", TrainedStudent.Identity(folder, isWhole), questions, ask =>
            TrainedStudent.Use(folder, isWhole, () => _student.Value, path => Load(path, keepsQuantised: false), ask)).ConfigureAwait(false);
        string[] models = _recipe.Evaluation.Base ? ["base", "student"] : ["student"];
        var results = models.SelectMany(model => Splits(questions).Select(split => EvaluationResult.Of(model, split.Key, JsonArtefact.ReadLines<QuestionOutcome>(_run.PathOf(OutcomesFile(model, split.Key)))))).ToArray();
        JsonArtefact.Write(_run.PathOf(RunFiles.EvaluationSummary), results);
        return results;
    }

    public void Report() => AtomicFile.WriteText(_run.PathOf(RunFiles.Report), Reports.RunPage.Render(RunReport.Read(_run.FullPath)));

    internal static string OutcomesFile(string model, string split) => $"{RunFiles.Evaluation}/{model}-{split}.jsonl";

    internal static string Name(Stage stage) => System.Text.RegularExpressions.Regex.Replace(stage.ToString(), "(?<=.)([A-Z])", " $1").ToLowerInvariant();

    private async Task Distill(IDistillationMethod method, string[] artefactHashes, Func<DistillationItem[]> items)
    {
        var inputs = InputsHash.Of(
            ("method", _recipe.Method), ("rationales", HashOf(RunFiles.Rationales)), ("artefacts", artefactHashes), ("options", _recipe.Distillation with { SaveEverySteps = 1 }),
            ("stagesPerEpoch", method.StagesPerEpoch), ("seed", _recipe.Seed), ("student", _studentIdentity.Value));
        var files = new TrainingFiles(_run.PathOf(RunFiles.TrainingState), _run.PathOf(RunFiles.TrainingLog), inputs);
        await _run.OnceAsync(Name(Stage.Student), inputs, () =>
        {
            void Train(ILanguageModel model, IReadOnlyList<NamedParameter> parameters) => new Distiller(model, parameters, _recipe.Distillation, _recipe.Seed, TimeProvider.System)
                .Train(items(), method, files, _run.ProgressOf(Name(Stage.Student)), _cancel);
            using var whole = _recipe.Distillation.FullFineTuning ? Load(_recipe.Student.Model, keepsQuantised: false) : null;
            var written = whole is null
                ? TrainedStudent.TrainAdapter(_student.Value, _recipe.Distillation.Lora, _recipe.Seed, _run.PathOf(RunFiles.Student), Train)
                : TrainedStudent.TrainEveryWeight(whole, _run.PathOf(RunFiles.Student), Train);
            return Task.FromResult<IReadOnlyList<string>>([.. written.Select(file => $"{RunFiles.Student}/{file}"), RunFiles.TrainingLog]);
        }, () => true).ConfigureAwait(false);
        files.DeleteState(); // only now: a kill before the manifest is written must not cost the training
    }

    private Task<bool> Examine(string model, string[] trained, IReadOnlyList<SplitQuestion> questions, Action<Action<Checkpoint>> with)
    {
        var work = $"{Name(Stage.Evaluation)} of {model}";
        var inputs = InputsHash.Of(
            ("questions", HashOf(RunFiles.Questions)), ("options", _recipe.Evaluation with { Base = true }), ("adapter", trained), ("student", _studentIdentity.Value));
        return _run.OnceAsync(work, inputs, () =>
        {
            with(student =>
            {
                foreach (var split in Splits(questions))
                {
                    var outcomes = Evaluator.Ask(student, [.. split.Select(question => question.ToQuestion())], _recipe.Evaluation, _run.ProgressOf(work), _cancel);
                    JsonArtefact.WriteLines(_run.PathOf(OutcomesFile(model, split.Key)), outcomes);
                }
            });
            return Task.FromResult<IReadOnlyList<string>>([.. Splits(questions).Select(split => OutcomesFile(model, split.Key))]);
        }, () => true);
    }

    private IEnumerable<IGrouping<string, SplitQuestion>> Splits(IReadOnlyList<SplitQuestion> questions)
    {
        var groups = questions.GroupBy(question => question.Split).ToDictionary(group => group.Key);
        return _recipe.Evaluation.Splits.Select(split => groups.GetValueOrDefault(split)
            ?? throw new KpodException($"evaluation.splits names '{split}', but the data set has only {string.Join(", ", groups.Keys)}; add dataset.{split} or change the splits."));
    }

    private Task<T> Once<T>(Stage stage, string inputs, string file, Func<string, T> read, Action compute, params string[] more) => _run.OnceAsync(
        Name(stage),
        inputs,
        () =>
        {
            _cancel.ThrowIfCancellationRequested();
            compute();
            return Task.FromResult<IReadOnlyList<string>>([file, .. more]);
        },
        () => read(_run.PathOf(file)));

    // Neither keepQuantised nor gradientCheckpointing changes a bit of what is computed, so they are no part of the student's identity.
    private Checkpoint Load(string path, bool keepsQuantised)
    {
        var checkpoint = CheckpointLoader.Load(path, _recipe.Student.Precision == WeightPrecision.Bfloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32, _device, keepsQuantised);
        checkpoint.Model.GradientCheckpointing = _recipe.Student.GradientCheckpointing;
        _run.WarnOfAll(checkpoint.Remarks);
        return checkpoint;
    }

    private QuestionSet Warned(QuestionSet set)
    {
        _run.WarnOfAll(set.Remarks);
        return set;
    }

    private RationaleEncoder Encoder() => new(_student.Value.Tokenizer, _student.Value.Model.IsCausal, _student.Value.EndIds[0]);

    private IReadOnlyList<EncodedRationale> Encode(Question[] train, IReadOnlyList<Rationale> rationales)
    {
        var encoder = Encoder();
        var byId = train.ToDictionary(question => question.Id);
        return [.. rationales.Where(rationale => rationale.DropReason is null).Select(rationale => encoder.Encode(byId[rationale.QuestionId], rationale))];
    }

    private string HashOf(string artefact) => InputsHash.OfFile(_run.PathOf(artefact));
}

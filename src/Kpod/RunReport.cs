using Kpod.Datasets;
using Kpod.Distillation.Training;
using Kpod.Distillation.Methods;
using Kpod.Distillation.Visits;
using Kpod.Evaluation;
using Kpod.Files;
using Kpod.LanguageModels.Inference;
using Kpod.ProgressiveSchedule;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Recipes;
using Kpod.Reports.Markup;
using Kpod.Reports.Records;
using Kpod.Runs;
using Kpod.StepDifficulty;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Weights;

namespace Kpod;

/// <summary>Reads a run's artefacts back into the one record that pages show.</summary>
public static class RunReport
{
    /// <summary>Reads a finished or half-finished run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>What it has.</returns>
    /// <exception cref="KpodException">It is no run's folder, or an artefact of it is faulty.</exception>
    public static RunReportData Read(string folder)
    {
        string PathOf(string file) => Path.Combine(folder, file);
        if (!File.Exists(PathOf(RunFiles.Manifest)) || !File.Exists(PathOf(RunFiles.Recipe)))
        {
            throw new KpodException($"{folder}: is no run's folder (it holds no {RunFiles.Manifest}); name one that 'kpod run' made.");
        }

        // The paths in the copy are absolute, and what they name need not be there any more.
        var recipe = KpodRecipe.FromRun(PathOf(RunFiles.Recipe));
        var manifest = JsonArtefact.Read<RunManifest>(PathOf(RunFiles.Manifest));
        bool Has(string file) => manifest.Finished.Values.Any(work => work.Files.Any(found => found.Path == file)) && File.Exists(PathOf(file));
        var method = recipe.Method.Entry();
        var questions = JsonArtefact.ReadLines<SplitQuestion>(PathOf(RunFiles.Questions));
        var rationales = JsonArtefact.ReadLines<Rationale>(PathOf(RunFiles.Rationales));
        var difficulties = method.FollowsSchedule && Has(RunFiles.StepDifficulty) ? JsonArtefact.ReadLines<RationaleDifficulty>(PathOf(RunFiles.StepDifficulty)) : null;
        var schedule = method.FollowsSchedule && Has(RunFiles.Schedule) ? JsonArtefact.Read<StageSchedule>(PathOf(RunFiles.Schedule)) : null;
        var results = File.Exists(PathOf(RunFiles.EvaluationSummary)) ? JsonArtefact.Read<IReadOnlyList<EvaluationResult>>(PathOf(RunFiles.EvaluationSummary)) : [];
        return new RunReportData
        {
            Name = recipe.Name,
            Method = recipe.Method,
            Student = [new ReportFact("model", recipe.Student.Model), new ReportFact("precision", recipe.Student.Precision.ToString().ToLowerInvariant())],
            Data = [.. questions.GroupBy(question => question.Split).Select(split => new ReportFact($"{split.Key} questions", ReportNumber.Count(split.Count())))],
            Training = Training(recipe, schedule),
            Environment = EnvironmentFacts(JsonArtefact.Read<RunEnvironment>(PathOf(RunFiles.Environment))),
            Accuracies = [.. results.OrderByDescending(result => result.Model).SelectMany(result => Rows(result, method))],
            Questions = [.. questions.Select(question => question.ToQuestion())],
            RationaleSummary = RationaleSummary.Of(questions.Count(question => question.Split == "train"), rationales, text => StepSplitter.Split(text, recipe.StepDifficulty.SplitOnNewline).Count),
            Rationales = rationales,
            TokenWeightSource = method.FollowsSchedule ? recipe.TokenWeights.Source.ToString().ToLowerInvariant() : null,
            TokenWeights = method.FollowsSchedule && Has(RunFiles.TokenWeights) ? JsonArtefact.ReadLines<RationaleTokenWeights>(PathOf(RunFiles.TokenWeights)) : null,
            MaskLearning = method.FollowsSchedule && Has(RunFiles.TokenWeightsSummary) ? JsonArtefact.Read<MaskLearningDiagnosis>(PathOf(RunFiles.TokenWeightsSummary)) : null,
            Difficulties = difficulties,
            Schedule = schedule,
            TrainingLog = Has(RunFiles.TrainingLog) ? JsonArtefact.ReadLines<TrainingLogPoint>(PathOf(RunFiles.TrainingLog)) : [],
            Generations = [.. results.Where(result => result.Model == "student").SelectMany(result => Generations(folder, result, questions))],
            StageTimes = [.. manifest.Finished.OrderBy(work => Order(work.Key)).Select(work => new StageTime(work.Key, work.Value.Seconds, work.Value.ReusedFrom is { } source ? $"taken from {source}" : null))],
            HeatMaps = recipe.Report.HeatMaps,
            RecipeText = recipe.Yaml,
            RecipeValues = RecipeValues.Of(recipe),
            Warnings = schedule?.Warnings ?? [],
        };
    }

    private static ReportFact[] Training(KpodRecipe recipe, StageSchedule? schedule) =>
    [
        new("method", recipe.Method.ToString().ToLowerInvariant()),
        new("epochs", ReportNumber.Count(recipe.Distillation.Epochs)),
        new("stages", schedule is null ? "none" : ReportNumber.Count(schedule.Stages.Count)),
        new("batch", $"{recipe.Distillation.BatchSize} x {recipe.Distillation.AccumulationSteps}"),
        new("learning rate", FormattableString.Invariant($"{recipe.Distillation.Optimizer.LearningRate:0.#e+0}")),
        new("LoRA rank", ReportNumber.Count(recipe.Distillation.Lora.Rank)),
    ];

    private static ReportFact[] EnvironmentFacts(RunEnvironment environment) =>
    [
        new("Kpod", environment.Kpod), new("TorchSharp", environment.TorchSharp), new("libtorch", environment.LibTorch), new(".NET", environment.DotNet), new("system", environment.OperatingSystem),
        new("processor", environment.Processor), new("device", environment.Device.ToString().ToLowerInvariant()), new("threads", ReportNumber.Count(environment.Threads)), new("seed", FormattableString.Invariant($"{environment.Seed}")),
    ];

    private static IEnumerable<AccuracyRow> Rows(EvaluationResult result, MethodEntry method)
    {
        var name = result.Model == EvaluationStage.Base ? result.Model : $"{method.Name} student";
        AccuracyRow Row(string extraction, int correct)
        {
            var interval = WilsonInterval.Of(correct, result.Questions);
            return new AccuracyRow
            {
                Name = name,
                Split = result.Split,
                Extraction = extraction,
                Correct = correct,
                Total = result.Questions,
                Low = interval.Low,
                High = interval.High,
                StopRate = result.StopRate,
                TruncationRate = result.TruncationRate,
            };
        }

        return [Row("flexible", result.Correct), Row("strict", result.StrictCorrect)];
    }

    private static IEnumerable<GenerationExample> Generations(string folder, EvaluationResult result, IReadOnlyList<SplitQuestion> questions)
    {
        var texts = questions.Where(question => question.Split == result.Split).ToDictionary(question => question.Id, question => question.Text);
        return JsonArtefact.ReadLines<QuestionOutcome>(Path.Combine(folder, EvaluationStage.OutcomesFile(result.Model, result.Split))).Select(outcome => new GenerationExample
        {
            QuestionId = outcome.QuestionId,
            Split = result.Split,
            Question = texts[outcome.QuestionId],
            GoldAnswer = outcome.Gold,
            Text = outcome.Text,
            ExtractedAnswer = outcome.Flexible,
            Correct = outcome.Correct,
            Stopped = outcome.StopReason != StopReason.Length,
        });
    }

    private static int Order(string work) => Array.FindIndex(Enum.GetValues<Stage>(), stage => work.StartsWith(stage.Name(), StringComparison.Ordinal));
}

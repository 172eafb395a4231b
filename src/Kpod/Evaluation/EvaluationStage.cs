using Kpod.Datasets;
using Kpod.Files;
using Kpod.LanguageModels.Checkpoints;
using Kpod.Runs;
using Kpod.Students;

namespace Kpod.Evaluation;

/// <summary>Stage 7, for one model: its answers to the questions of the recipe's splits.</summary>
/// <param name="run">Where they are kept.</param>
/// <param name="student">The student before distillation.</param>
/// <param name="options">The recipe's section.</param>
/// <param name="model">Who answers: <see cref="Base"/> or <see cref="Student"/>.</param>
/// <param name="isWhole">Whether every weight of the student was trained.</param>
/// <param name="questions">The questions of all splits.</param>
/// <param name="cancel">Ends the asking.</param>
internal sealed class EvaluationStage(
    RunFolder run, UntrainedStudent student, EvaluationOptions options, string model, bool isWhole, IReadOnlyList<SplitQuestion> questions, CancellationToken cancel)
    : IStageWork<IReadOnlyList<EvaluationResult>>
{
    /// <summary>The student before distillation.</summary>
    public const string Base = "base";

    /// <summary>The student after it.</summary>
    public const string Student = "student";

    /// <inheritdoc/>
    public string Name => $"{Stage.Evaluation.Name()} of {model}";

    /// <inheritdoc/>
    public string Inputs => InputsHash.Of(
        ("questions", run.HashOf(RunFiles.Questions)),
        ("options", options with { Base = true }),
        ("adapter", model == Base ? Array.Empty<string>() : TrainedStudent.Identity(run.PathOf(RunFiles.Student), isWhole)),
        ("student", student.Identity));

    /// <summary>Lets the recipe's models answer, one after the other, and sums up.</summary>
    /// <param name="run">Where the answers are kept.</param>
    /// <param name="student">The student before distillation.</param>
    /// <param name="options">The recipe's section.</param>
    /// <param name="isWhole">Whether every weight of the student was trained.</param>
    /// <param name="questions">The questions of all splits.</param>
    /// <param name="cancel">Ends the asking.</param>
    public static async Task RunAsync(
        RunFolder run, UntrainedStudent student, EvaluationOptions options, bool isWhole, IReadOnlyList<SplitQuestion> questions, CancellationToken cancel)
    {
        var results = new List<EvaluationResult>();
        foreach (var model in options.Base ? new[] { Base, Student } : [Student])
        {
            results.AddRange(await run.DoAsync(new EvaluationStage(run, student, options, model, isWhole, questions, cancel)).ConfigureAwait(false));
        }

        JsonArtefact.Write(run.PathOf(RunFiles.EvaluationSummary), results);
    }

    /// <summary>The file of a model's answers to a split.</summary>
    /// <param name="model">Who answered.</param>
    /// <param name="split">The split.</param>
    /// <returns>Its path in the run's folder.</returns>
    public static string OutcomesFile(string model, string split) => $"{RunFiles.Evaluation}/{model}-{split}.jsonl";

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ComputeAsync()
    {
        if (model == Base)
        {
            Ask(student.Checkpoint);
        }
        else
        {
            TrainedStudent.Use(run.PathOf(RunFiles.Student), isWhole, student, Ask);
        }

        return Task.FromResult<IReadOnlyList<string>>([.. Splits().Select(split => OutcomesFile(model, split.Key))]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationResult> Read() =>
        [.. Splits().Select(split => EvaluationResult.Of(model, split.Key, JsonArtefact.ReadLines<QuestionOutcome>(run.PathOf(OutcomesFile(model, split.Key)))))];

    private void Ask(Checkpoint answering)
    {
        foreach (var split in Splits())
        {
            var outcomes = Evaluator.Ask(answering, [.. split.Select(question => question.ToQuestion())], options, run.ProgressOf(Name), cancel);
            JsonArtefact.WriteLines(run.PathOf(OutcomesFile(model, split.Key)), outcomes);
        }
    }

    private IEnumerable<IGrouping<string, SplitQuestion>> Splits()
    {
        var groups = questions.GroupBy(question => question.Split).ToDictionary(group => group.Key);
        return options.Splits.Select(split => groups.GetValueOrDefault(split)
            ?? throw new KpodException($"evaluation.splits names '{split}', but the data set has only {string.Join(", ", groups.Keys)}; add dataset.{split} or change the splits."));
    }
}

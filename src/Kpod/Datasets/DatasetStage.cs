using Kpod.Datasets.Records;
using Kpod.Files;
using Kpod.Recipes;
using Kpod.Runs;

namespace Kpod.Datasets;

/// <summary>Stage 1: the questions of all splits, as one file.</summary>
internal sealed class DatasetStage(RunFolder run, DatasetOptions options, CancellationToken cancel) : IStageWork<IReadOnlyList<SplitQuestion>>
{
    /// <inheritdoc/>
    public string Name => Stage.Questions.Name();

    /// <inheritdoc/>
    public string Inputs => InputsHash.Of(
        ("format", options.Format?.ToString() ?? string.Empty),
        ("columns", options.Columns ?? new DatasetColumns()),
        ("limit", options.Limit ?? 0),
        ("train", HashOf(options.Train, "train")),
        ("validation", HashOf(options.Validation, "validation")),
        ("test", HashOf(options.Test, "test")));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ComputeAsync()
    {
        cancel.ThrowIfCancellationRequested();
        var set = QuestionSet.Load(options);
        run.Warn(set.Remarks);
        JsonArtefact.WriteLines(
            run.PathOf(RunFiles.Questions),
            set.Splits.SelectMany(split => split.Questions.Select(question => new SplitQuestion(split.Name, question.Id, question.Text, question.Answer, question.Choices))));
        return Task.FromResult<IReadOnlyList<string>>([RunFiles.Questions]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<SplitQuestion> Read() => JsonArtefact.ReadLines<SplitQuestion>(run.PathOf(RunFiles.Questions));

    private static string HashOf(DataPaths? paths, string split) => paths is null ? string.Empty : DataHash.Of(paths, split);
}

using Kpod.Files;
using Kpod.Runs;

namespace Kpod.Datasets;

/// <summary>Stage 1: the questions of all splits, as one file.</summary>
internal sealed class DatasetStage(RunFolder run, DatasetOptions options, CancellationToken cancel) : IStageWork<IReadOnlyList<SplitQuestion>>
{
    /// <inheritdoc/>
    public string Name => Stage.Questions.Name();

    /// <inheritdoc/>
    public string Inputs => InputsHash.Of(
        ("format", options.Format), ("limit", options.Limit ?? 0), ("train", HashOf(options.Train)), ("validation", HashOf(options.Validation)), ("test", HashOf(options.Test)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ComputeAsync()
    {
        cancel.ThrowIfCancellationRequested();
        JsonArtefact.WriteLines(
            run.PathOf(RunFiles.Questions),
            QuestionSet.Load(options).Splits.SelectMany(split => split.Questions.Select(question => new SplitQuestion(split.Name, question.Id, question.Text, question.Answer, question.Choices))));
        return Task.FromResult<IReadOnlyList<string>>([RunFiles.Questions]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<SplitQuestion> Read() => JsonArtefact.ReadLines<SplitQuestion>(run.PathOf(RunFiles.Questions));

    private static string HashOf(string? path) => path is null ? string.Empty : InputsHash.OfFile(path);
}

using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Benchmarks;

/// <summary>A student with an adapter in training, and a batch: what distillation spends its time on.</summary>
internal sealed class StudentStep : IDisposable
{
    private readonly ILanguageModel _student;
    private readonly LoraAdapter _adapter;
    private readonly Adam _adam;
    private readonly TeacherForcedBatch _batch;

    /// <summary>Builds the student with random weights.</summary>
    /// <param name="configuration">Its shape.</param>
    /// <param name="type">Type of its weights.</param>
    /// <param name="sequences">Texts in the batch.</param>
    /// <param name="length">Tokens read of each.</param>
    /// <param name="supervised">How many of them are predicted, the last ones.</param>
    public StudentStep(ModelConfiguration configuration, torch.ScalarType type, int sequences, int length, int supervised)
    {
        _student = configuration.Build(new RandomWeights(configuration, seed: 1, type));
        _adapter = LoraAdapter.Attach(_student, new LoraOptions { Rank = 64 }, seed: 1);
        _adam = new Adam(_adapter.Parameters, new OptimizerOptions());
        var random = Seeds.Generator(1, "benchmark tokens");
        int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(_student.VocabularySize))];

        // The last token is only predicted, so a text is longer by one than what is read of it.
        _batch = new TeacherForcedBatch(
            [.. Enumerable.Range(0, sequences).Select(_ => Ids(length + 1 - supervised))],
            [.. Enumerable.Range(0, sequences).Select(_ => Ids(supervised))],
            [.. Enumerable.Range(0, sequences).Select(_ => Enumerable.Repeat(true, supervised).ToArray())]);
    }

    /// <summary>Forward, backward, Adam.</summary>
    public void Take()
    {
        using var scope = torch.NewDisposeScope();
        var loss = TokenLoss.NegativeLogLikelihoods(_student, _batch).mean();
        loss.backward();
        _adam.Step(1e-4, gradientScale: 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adam.Dispose();
        _adapter.Detach();
        _student.Dispose();
    }
}

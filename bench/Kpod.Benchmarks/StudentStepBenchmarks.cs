using BenchmarkDotNet.Attributes;
using Kpod.Models;
using Kpod.Training;
using TorchSharp;

namespace Kpod.Benchmarks;

/// <summary>One optimizer step of LoRA on a student of SmolLM2-135M's shape with random weights: what distillation spends its time on.</summary>
public class StudentStepBenchmarks : IDisposable
{
    private const int Batch = 4;
    private const int PromptLength = 50;

    private ILanguageModel? _student;
    private LoraAdapter? _adapter;
    private Adam? _adam;
    private TeacherForcedBatch? _batch;

    /// <summary>Type of the base's weights.</summary>
    [Params(torch.ScalarType.Float32, torch.ScalarType.BFloat16)]
    public torch.ScalarType Type { get; set; }

    /// <summary>Tokens of a sequence.</summary>
    [Params(150, 256)]
    public int Length { get; set; }

    /// <summary>Builds the student with its adapter.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var configuration = StudentShape.SmolLm2;
        _student = configuration.Build(new RandomWeights(configuration, seed: 1, Type));
        _adapter = LoraAdapter.Attach(_student, new LoraOptions { Rank = 64 }, seed: 1);
        _adam = new Adam(_adapter.Parameters, new OptimizerOptions());
        var random = Seeds.Generator(1, "benchmark tokens");
        int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(configuration.VocabularySize))];
        _batch = new TeacherForcedBatch(
            [.. Enumerable.Range(0, Batch).Select(_ => Ids(PromptLength))],
            [.. Enumerable.Range(0, Batch).Select(_ => Ids(Length - PromptLength))],
            [.. Enumerable.Range(0, Batch).Select(_ => Enumerable.Repeat(true, Length - PromptLength).ToArray())]);
    }

    /// <summary>Forward, backward, Adam; 4 sequences.</summary>
    /// <returns>The loss.</returns>
    [Benchmark]
    public double Step()
    {
        using var scope = torch.NewDisposeScope();
        var loss = TokenLoss.NegativeLogLikelihoods(_student!, _batch!).mean();
        loss.backward();
        _adam!.Step(1e-4, gradientScale: 1);
        return loss.item<float>();
    }

    /// <summary>Frees the student.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _adam?.Dispose();
        _adapter?.Detach();
        _student?.Dispose();
        GC.SuppressFinalize(this);
    }
}

using BenchmarkDotNet.Attributes;
using Kpod.Inference;
using Kpod.Models;
using Kpod.Tokenizers;
using TorchSharp;

namespace Kpod.Benchmarks;

/// <summary>Writing 64 tokens behind each of some prompts with a student of SmolLM2-135M's shape, random weights and an adapter of rank 64: what evaluation spends its time on.</summary>
public class DecodingBenchmarks : IDisposable
{
    private const int NewTokens = 64;

    private ILanguageModel? _student;
    private LoraAdapter? _adapter;
    private int[][] _prompts = [];

    /// <summary>Type of the base's weights.</summary>
    [Params(torch.ScalarType.Float32, torch.ScalarType.BFloat16)]
    public torch.ScalarType Type { get; set; }

    /// <summary>Texts written at once.</summary>
    [Params(1, 16)]
    public int Batch { get; set; }

    /// <summary>Builds the student with its adapter.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var configuration = StudentShape.SmolLm2;
        _student = configuration.Build(new RandomWeights(configuration, seed: 1, Type));
        _adapter = LoraAdapter.Attach(_student, new LoraOptions { Rank = 64 }, seed: 1);
        var random = new Random(1);
        _prompts = [.. Enumerable.Range(0, Batch).Select(_ => Enumerable.Range(0, random.Next(40, 90)).Select(_ => random.Next(configuration.VocabularySize)).ToArray())];
    }

    /// <summary>Reads the prompts and writes; no text ends early.</summary>
    /// <returns>Tokens written.</returns>
    [Benchmark]
    public int Write() => new TextGenerator(_student!, new NoTokenizer(), [])
        .Generate(_prompts, new GenerationOptions { MaximumNewTokens = NewTokens, BatchSize = Batch }).Sum(text => text.Ids.Length);

    /// <summary>Frees the student.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _adapter?.Detach();
        _student?.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class NoTokenizer : ITokenizer
    {
        public int VocabularySize => StudentShape.SmolLm2.VocabularySize;

        public int? BeginId => null;

        public int? EndId => null;

        public int? PadId => null;

        public int? UnknownId => null;

        public bool AddsBegin => false;

        public IReadOnlyList<Token> Encode(string text, bool recogniseSpecialTokens = false) => [];

        public string Decode(IReadOnlyList<int> ids) => string.Empty;

        public string Piece(int id) => string.Empty;
    }
}

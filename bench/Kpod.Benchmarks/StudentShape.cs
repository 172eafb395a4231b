using Kpod.Models;

namespace Kpod.Benchmarks;

/// <summary>Shapes of published students.</summary>
internal static class StudentShape
{
    /// <summary>SmolLM2-135M.</summary>
    public static LlamaConfiguration SmolLm2 { get; } = new()
    {
        Family = "llama",
        VocabularySize = 49152,
        HiddenSize = 576,
        FeedForwardSize = 1536,
        Layers = 30,
        Heads = 9,
        KeyValueHeads = 3,
        HeadSize = 64,
        MaximumLength = 2048,
        NormEpsilon = 1e-5,
        RopeTheta = 100_000,
        TiedEmbeddings = true,
    };
}

using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;

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

    /// <summary>LLaMA-7B.</summary>
    public static LlamaConfiguration Llama7B { get; } = new()
    {
        Family = "llama",
        VocabularySize = 32000,
        HiddenSize = 4096,
        FeedForwardSize = 11008,
        Layers = 32,
        Heads = 32,
        KeyValueHeads = 32,
        HeadSize = 128,
        MaximumLength = 2048,
        NormEpsilon = 1e-6,
        RopeTheta = 10_000,
        TiedEmbeddings = false,
    };

    /// <summary>FlanT5-XL.</summary>
    public static T5Configuration FlanT5Xl { get; } = new()
    {
        Family = "t5",
        VocabularySize = 32128,
        HiddenSize = 2048,
        FeedForwardSize = 5120,
        EncoderLayers = 24,
        DecoderLayers = 24,
        Heads = 32,
        HeadSize = 64,
        NormEpsilon = 1e-6,
        RelativeBuckets = 32,
        RelativeMaximumDistance = 128,
        GatedGelu = true,
        ScaledOutput = false,
        TiedEmbeddings = false,
        DecoderStartId = 0,
    };
}

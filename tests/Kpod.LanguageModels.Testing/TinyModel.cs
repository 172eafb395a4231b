using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.LanguageModels.Testing;

/// <summary>Models small enough for a test, on freshly drawn weights.</summary>
public static class TinyModel
{
    /// <summary>A LLaMA of two blocks with grouped-query attention and tied embeddings.</summary>
    /// <param name="seed">Another seed gives other weights.</param>
    /// <param name="vocabularySize">Rows of the embedding.</param>
    /// <param name="type">Type of the weights.</param>
    /// <returns>The model; the caller disposes of it.</returns>
    public static LlamaModel Llama(long seed = 1, int vocabularySize = 96, torch.ScalarType type = torch.ScalarType.Float32)
    {
        var configuration = new LlamaConfiguration
        {
            Family = "llama",
            VocabularySize = vocabularySize,
            HiddenSize = 32,
            FeedForwardSize = 64,
            Layers = 2,
            Heads = 4,
            KeyValueHeads = 2,
            HeadSize = 8,
            MaximumLength = 256,
            NormEpsilon = 1e-5,
            RopeTheta = 10000,
            TiedEmbeddings = true,
            InitialDeviation = 0.2, // large enough that attention and logits are far from uniform
        };
        return new LlamaModel(configuration, new RandomWeights(configuration, seed, type, TestDevice.Current));
    }

    /// <summary>A T5 of the v1.1 kind with two encoder and two decoder blocks and an output layer of its own.</summary>
    /// <param name="seed">Another seed gives other weights.</param>
    /// <param name="vocabularySize">Rows of the embedding.</param>
    /// <param name="type">Type of the weights.</param>
    /// <returns>The model; the caller disposes of it.</returns>
    public static T5Model T5(long seed = 1, int vocabularySize = 96, torch.ScalarType type = torch.ScalarType.Float32)
    {
        var configuration = new T5Configuration
        {
            Family = "t5",
            VocabularySize = vocabularySize,
            HiddenSize = 32,
            FeedForwardSize = 48,
            EncoderLayers = 2,
            DecoderLayers = 2,
            Heads = 4,
            HeadSize = 8,
            NormEpsilon = 1e-6,
            RelativeBuckets = 16,
            RelativeMaximumDistance = 32,
            GatedGelu = true,
            ScaledOutput = false,
            TiedEmbeddings = false,
            DecoderStartId = 0,
        };
        return new T5Model(configuration, new RandomWeights(configuration, seed, type, TestDevice.Current));
    }
}

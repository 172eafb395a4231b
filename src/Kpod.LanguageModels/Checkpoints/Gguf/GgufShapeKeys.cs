using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>The keys with which a GGUF file states a model's shape, as llama.cpp's converter writes them.</summary>
/// <param name="Architecture">What the file calls the architecture; also the front of every key.</param>
/// <param name="Keys">The keys without their front, in order, with their values.</param>
internal sealed record GgufShapeKeys(string Architecture, IReadOnlyList<KeyValuePair<string, object>> Keys)
{
    // The format has no key for it, and every reader takes this value.
    private const int T5MaximumDistance = 128;

    // What T5's configurations call n_positions; positions are relative, so nothing depends on it.
    private const uint T5Positions = 512;

    /// <summary>What GGUF calls an architecture.</summary>
    /// <param name="configuration">The shape.</param>
    /// <returns>The family; a mistral without a sliding window is a llama.</returns>
    public static string ArchitectureOf(LlamaConfiguration configuration) => configuration.Family == "mistral" ? "llama" : configuration.Family;

    /// <summary>The keys of a model of the LLaMA family.</summary>
    /// <param name="configuration">The shape.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="KpodException">The format, or llama.cpp, has no place for something.</exception>
    public static GgufShapeKeys Of(LlamaConfiguration configuration)
    {
        var architecture = ArchitectureOf(configuration);
        if (architecture == "qwen3" && configuration.QueryKeyValueBias)
        {
            throw new KpodException("The model is a qwen3 with attention_bias, for which GGUF's architecture qwen3 has no tensors; export it as a Hugging Face folder.");
        }

        List<KeyValuePair<string, object>> keys =
        [
            new("block_count", (uint)configuration.Layers),
            new("context_length", (uint)configuration.MaximumLength),
            new("embedding_length", (uint)configuration.HiddenSize),
            new("feed_forward_length", (uint)configuration.FeedForwardSize),
            new("attention.head_count", (uint)configuration.Heads),
            new("attention.head_count_kv", (uint)configuration.KeyValueHeads),
            new("rope.freq_base", (float)configuration.RopeTheta),
            new("attention.layer_norm_rms_epsilon", (float)configuration.NormEpsilon),
            new("attention.key_length", (uint)configuration.HeadSize),
            new("attention.value_length", (uint)configuration.HeadSize),
            new("rope.dimension_count", (uint)configuration.HeadSize),
        ];
        if (architecture == "llama")
        {
            keys.Add(new("vocab_size", (uint)configuration.VocabularySize));
        }

        return new GgufShapeKeys(architecture, keys);
    }

    /// <summary>The keys of a T5.</summary>
    /// <param name="configuration">The shape.</param>
    /// <param name="weights">Its weights.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="KpodException">The format has no place for something.</exception>
    public static GgufShapeKeys Of(T5Configuration configuration, IReadOnlyList<TensorSource> weights)
    {
        if (configuration.RelativeMaximumDistance != T5MaximumDistance)
        {
            throw new KpodException($"The model's relative_attention_max_distance is {configuration.RelativeMaximumDistance}; a GGUF file cannot state it, and its readers take {T5MaximumDistance}. Export it as a Hugging Face folder.");
        }

        var hasOwnOutput = weights.Any(weight => weight.Name == "lm_head.weight");
        if (configuration.ScaledOutput == hasOwnOutput)
        {
            throw new KpodException($"The model's scale_decoder_outputs is {(configuration.ScaledOutput ? "true though it has" : "false though it has no")} output layer of its own; a GGUF file cannot state that. Export it as a Hugging Face folder.");
        }

        return new GgufShapeKeys("t5",
        [
            new("context_length", T5Positions),
            new("embedding_length", (uint)configuration.HiddenSize),
            new("feed_forward_length", (uint)configuration.FeedForwardSize),
            new("block_count", (uint)configuration.EncoderLayers),
            new("decoder_block_count", (uint)configuration.DecoderLayers),
            new("attention.head_count", (uint)configuration.Heads),
            new("attention.key_length", (uint)configuration.HeadSize),
            new("attention.value_length", (uint)configuration.HeadSize),
            new("attention.layer_norm_epsilon", (float)configuration.NormEpsilon),
            new("attention.relative_buckets_count", (uint)configuration.RelativeBuckets),
            new("attention.layer_norm_rms_epsilon", (float)configuration.NormEpsilon),
            new("decoder_start_token_id", (uint)configuration.DecoderStartId),
        ]);
    }

    /// <summary>What each rotary frequency is divided by: the tensor <c>rope_freqs.weight</c>.</summary>
    /// <param name="configuration">The shape.</param>
    /// <param name="scaling">Its scaling.</param>
    /// <returns>A divisor for each rotary pair.</returns>
    public static float[] Divisors(LlamaConfiguration configuration, RopeScaling scaling)
    {
        if (scaling is RopeScaling.PerFrequency perFrequency)
        {
            return [.. perFrequency.Divisors];
        }

        // Single precision in the order of llama.cpp's converter, so that the tensor is the same.
        var llama3 = (RopeScaling.Llama3)scaling;
        return
        [
            .. Enumerable.Range(0, configuration.HeadSize / 2).Select(pair =>
            {
                var frequency = 1 / MathF.Pow((float)configuration.RopeTheta, 2f * pair / configuration.HeadSize);
                var length = 2 * MathF.PI / frequency;
                var (longest, shortest) = (llama3.OriginalLength / llama3.LowFrequencyFactor, llama3.OriginalLength / llama3.HighFrequencyFactor);
                var smooth = ((llama3.OriginalLength / length) - llama3.LowFrequencyFactor) / (llama3.HighFrequencyFactor - llama3.LowFrequencyFactor);
                return length < shortest ? 1 : length > longest ? (float)llama3.Factor : (float)(1 / (((1 - smooth) / llama3.Factor) + smooth));
            }),
        ];
    }
}

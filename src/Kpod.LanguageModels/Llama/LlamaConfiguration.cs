using System.Text.Json;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Layers;

namespace Kpod.LanguageModels.Llama;

/// <summary>The shape of a decoder of the LLaMA family: LLaMA, Mistral without a sliding window, Qwen2, Qwen3.</summary>
public sealed record LlamaConfiguration : ModelConfiguration
{
    /// <summary>Inner width of the feed-forward blocks.</summary>
    public required int FeedForwardSize { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; each serves <see cref="Heads"/> / <see cref="KeyValueHeads"/> query heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head; even.</summary>
    public required int HeadSize { get; init; }

    /// <summary>The longest sequence that the model was made for, in tokens.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>Added to the mean square in every norm.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    public required double RopeTheta { get; init; }

    /// <summary>How the rotary frequencies are stretched; null for not at all.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Whether the output layer is the input embedding.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>Whether the query, key and value maps have a bias.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether the map behind the attention has a bias.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the feed-forward maps have a bias.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether queries and keys are normalised per head before the rotation (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Standard deviation of freshly drawn weights.</summary>
    public double InitialDeviation { get; init; } = 0.02;

    /// <summary>Every <c>model_type</c> of this shape.</summary>
    public static IReadOnlyList<string> Families { get; } = ["llama", "mistral", "qwen2", "qwen3"];

    /// <inheritdoc/>
    public override ILanguageModel Build(IWeightSource weights) => new LlamaModel(this, weights);

    internal static LlamaConfiguration Read(ConfigurationReader reader, string family)
    {
        var hiddenSize = reader.Integer("hidden_size", null, 1 << 20);
        var heads = reader.Integer("num_attention_heads", null, 1 << 14);
        var (theta, scaling) = RopeSettings.Read(reader);
        var configuration = new LlamaConfiguration
        {
            Family = family,
            VocabularySize = reader.Integer("vocab_size", null, 1 << 24),
            HiddenSize = hiddenSize,
            FeedForwardSize = reader.Integer("intermediate_size", null, 1 << 22),
            Layers = reader.Integer("num_hidden_layers", null, 1 << 12),
            Heads = heads,
            KeyValueHeads = reader.Integer("num_key_value_heads", family == "mistral" ? Math.Min(8, heads) : heads, 1 << 14),
            HeadSize = reader.Integer("head_dim", family == "qwen3" ? 128 : Math.Max(1, hiddenSize / heads), 1 << 14),
            MaximumLength = reader.Integer("max_position_embeddings", family switch { "llama" => 2048, "mistral" => 131072, _ => 32768 }, int.MaxValue),
            NormEpsilon = reader.Positive("rms_norm_eps", 1e-6),
            RopeTheta = theta,
            RopeScaling = scaling,
            TiedEmbeddings = reader.Flag("tie_word_embeddings", false),
            QueryKeyValueBias = family == "qwen2" || reader.Flag("attention_bias", false),
            AttentionOutputBias = family != "qwen2" && reader.Flag("attention_bias", false),
            FeedForwardBias = reader.Flag("mlp_bias", false),
            QueryKeyNorm = family == "qwen3",
            InitialDeviation = reader.Positive("initializer_range", 0.02),
        };
        configuration.CheckShape(reader);
        RefuseWhatIsNotImplemented(reader, configuration);
        return configuration;
    }

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("architectures");
        writer.WriteStringValue(Architecture(Family));
        writer.WriteEndArray();
        writer.WriteString("model_type", Family);
        writer.WriteNumber("vocab_size", VocabularySize);
        writer.WriteNumber("hidden_size", HiddenSize);
        writer.WriteNumber("intermediate_size", FeedForwardSize);
        writer.WriteNumber("num_hidden_layers", Layers);
        writer.WriteNumber("num_attention_heads", Heads);
        writer.WriteNumber("num_key_value_heads", KeyValueHeads);
        writer.WriteNumber("head_dim", HeadSize);
        writer.WriteNumber("max_position_embeddings", MaximumLength);
        writer.WriteString("hidden_act", "silu");
        writer.WriteReal("rms_norm_eps", NormEpsilon);
        writer.WriteReal("initializer_range", InitialDeviation);
        writer.WriteBoolean("tie_word_embeddings", TiedEmbeddings);
        WriteFamilyKeys(writer);
        writer.WriteReal("rope_theta", RopeTheta);
        WriteScaling(writer);
    }

    private static string Architecture(string family) => family switch
    {
        "mistral" => "MistralForCausalLM",
        "qwen2" => "Qwen2ForCausalLM",
        "qwen3" => "Qwen3ForCausalLM",
        _ => "LlamaForCausalLM",
    };

    private static void RefuseWhatIsNotImplemented(ConfigurationReader reader, LlamaConfiguration configuration)
    {
        if (reader.Texts("architectures") is { Count: > 0 } architectures && !architectures.Contains(Architecture(configuration.Family)))
        {
            reader.Fault($"architectures names {string.Join(", ", architectures)}; for model_type \"{configuration.Family}\" only {Architecture(configuration.Family)} is implemented");
        }

        reader.OneOf("hidden_act", "silu", "silu", "swish");
        RefuseSlidingWindow(reader, configuration);
        foreach (var key in (ReadOnlySpan<string>)["partial_rotary_factor", "rotary_pct", "embedding_multiplier", "residual_multiplier", "logits_scaling", "logit_scale", "query_pre_attn_scalar"])
        {
            reader.RefuseUnlessNeutral(key, neutral: 1);
        }

        foreach (var key in (ReadOnlySpan<string>)
            ["quantization_config", "attn_logit_softcapping", "final_logit_softcapping", "attention_multiplier", "attention_chunk_size", "num_experts", "num_local_experts", "n_routed_experts", "kv_lora_rank",
             "no_rope_layers", "clip_qkv", "use_qk_norm", "use_bidirectional_attention", "cross_attention_layers", "dual_chunk_attention_config", "use_mrope", "pruned_heads", "add_cross_attention", "is_encoder_decoder"])
        {
            reader.RefuseUnlessNeutral(key);
        }

        if (configuration.Family is "mistral" or "qwen2")
        {
            reader.RefuseUnlessNeutral("attention_bias"); // these families have none; qwen2's own biases need no key
        }

        if (configuration.Family != "llama")
        {
            reader.RefuseUnlessNeutral("mlp_bias");
        }
    }

    // A window at least as long as the longest text changes nothing. Qwen's counts only where use_sliding_window is set, and then from max_window_layers on.
    private static void RefuseSlidingWindow(ConfigurationReader reader, LlamaConfiguration configuration)
    {
        var isMistral = configuration.Family == "mistral";
        var isQwen = configuration.Family is "qwen2" or "qwen3";
        var counts = isMistral || (isQwen && reader.Flag("use_sliding_window", false));
        var hasNull = isMistral && reader.IsNull("sliding_window");
        var window = counts && !hasNull ? reader.Integer("sliding_window", 4096, int.MaxValue) : int.MaxValue;
        var slidingLayers = reader.Texts("layer_types").Where(type => type != "full_attention").ToList();
        var reaches = isMistral || slidingLayers.Count > 0 || (!reader.Has("layer_types") && reader.Integer("max_window_layers", 28, int.MaxValue) < configuration.Layers);
        if (window < configuration.MaximumLength && reaches)
        {
            var missing = reader.Has("sliding_window") ? string.Empty : " (the default of transformers where the key is missing; set it to null if the model has none)";
            reader.Fault($"sliding_window is {window}{missing}, shorter than max_position_embeddings, which is {configuration.MaximumLength}; attention with a sliding window is not implemented");
        }
        else if (!counts && slidingLayers.Count > 0)
        {
            reader.Fault($"layer_types names {slidingLayers[0]}; only full_attention is implemented");
        }
    }

    private void CheckShape(ConfigurationReader reader)
    {
        if (Heads % KeyValueHeads != 0)
        {
            reader.Fault($"num_attention_heads is {Heads}; it must be a multiple of num_key_value_heads, which is {KeyValueHeads}");
        }

        if (HeadSize % 2 != 0)
        {
            reader.Fault($"head_dim is {HeadSize}; the rotary embedding needs an even number");
        }

        if (!reader.Has("head_dim") && Family != "qwen3" && HiddenSize % Heads != 0)
        {
            reader.Fault($"hidden_size is {HiddenSize}; without a head_dim it must be a multiple of num_attention_heads, which is {Heads}");
        }
    }

    private void WriteFamilyKeys(Utf8JsonWriter writer)
    {
        if (Family is "llama" or "qwen3" && QueryKeyValueBias != AttentionOutputBias)
        {
            throw new KpodException($"The model has a bias on {(QueryKeyValueBias ? "the query, key and value maps but not" : "the map")} behind the attention{(QueryKeyValueBias ? string.Empty : " but not on those in front of it")}; a config.json has one key for all of them. Export to GGUF instead.");
        }

        if (Family is "llama" or "qwen3")
        {
            writer.WriteBoolean("attention_bias", QueryKeyValueBias);
        }

        if (Family == "llama")
        {
            writer.WriteBoolean("mlp_bias", FeedForwardBias);
        }

        if (Family == "mistral")
        {
            writer.WriteNull("sliding_window");
        }

        if (Family is "qwen2" or "qwen3")
        {
            writer.WriteBoolean("use_sliding_window", false);
        }
    }

    private void WriteScaling(Utf8JsonWriter writer)
    {
        switch (RopeScaling)
        {
            case null:
                writer.WriteNull("rope_scaling");
                break;
            case RopeScaling.Llama3 scaling:
                writer.WriteStartObject("rope_scaling");
                writer.WriteString("rope_type", "llama3");
                writer.WriteReal("factor", scaling.Factor);
                writer.WriteReal("low_freq_factor", scaling.LowFrequencyFactor);
                writer.WriteReal("high_freq_factor", scaling.HighFrequencyFactor);
                writer.WriteNumber("original_max_position_embeddings", scaling.OriginalLength);
                writer.WriteEndObject();
                break;
            default:
                throw new KpodException("The model's rotary scaling is one divisor per frequency, as GGUF files store it; a config.json has no spelling for that. Export to GGUF instead.");
        }
    }
}

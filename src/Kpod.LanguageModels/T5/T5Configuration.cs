using System.Text.Json;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Layers;

namespace Kpod.LanguageModels.T5;

/// <summary>The shape of a T5 encoder-decoder: v1.0 (ReLU, tied and scaled output) or v1.1 and FlanT5 (gated GELU, output layer of its own).</summary>
public sealed record T5Configuration : ModelConfiguration
{
    /// <summary>Inner width of the feed-forward blocks.</summary>
    public required int FeedForwardSize { get; init; }

    /// <summary>Blocks of the encoder.</summary>
    public required int EncoderLayers { get; init; }

    /// <summary>Blocks of the decoder.</summary>
    public required int DecoderLayers { get; init; }

    /// <summary>Heads of every attention.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of a head; heads times this need not be the hidden size.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Added to the mean square in every norm.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Rows of the relative position bias.</summary>
    public required int RelativeBuckets { get; init; }

    /// <summary>From this distance on, in tokens, all positions share the last bucket.</summary>
    public required int RelativeMaximumDistance { get; init; }

    /// <summary>Whether the feed-forward is GELU (tanh form) times a second map (v1.1), or a plain ReLU (v1.0).</summary>
    public required bool GatedGelu { get; init; }

    /// <summary>Whether the states are multiplied by hidden size^-0.5 before the output layer (v1.0).</summary>
    public required bool ScaledOutput { get; init; }

    /// <summary>
    /// What the file says of the output layer. A checkpoint that holds <c>lm_head.weight</c> has its own output layer whatever this says:
    /// transformers 5 writes true for every T5.
    /// </summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>Id that the decoder starts with.</summary>
    public required int DecoderStartId { get; init; }

    /// <summary>Factor on the standard deviations of freshly drawn weights.</summary>
    public double InitialFactor { get; init; } = 1;

    /// <summary>Every <c>model_type</c> of this shape.</summary>
    public static IReadOnlyList<string> Families { get; } = ["t5"];

    /// <inheritdoc/>
    public override ILanguageModel Build(IWeightSource weights) => new T5Model(this, weights);

    internal static T5Configuration Read(ConfigurationReader reader, string family)
    {
        var layers = reader.Integer("num_layers", null, 1 << 12);
        var tied = reader.Flag("tie_word_embeddings", true);
        var configuration = new T5Configuration
        {
            Family = family,
            VocabularySize = reader.Integer("vocab_size", null, 1 << 24),
            HiddenSize = reader.Integer("d_model", null, 1 << 20),
            FeedForwardSize = reader.Integer("d_ff", null, 1 << 22),
            EncoderLayers = layers,
            DecoderLayers = reader.Integer("num_decoder_layers", layers, 1 << 12),
            Heads = reader.Integer("num_heads", null, 1 << 14),
            HeadSize = reader.Integer("d_kv", null, 1 << 14),
            NormEpsilon = reader.Positive("layer_norm_epsilon", 1e-6),
            RelativeBuckets = reader.Integer("relative_attention_num_buckets", 32, 1 << 16),
            RelativeMaximumDistance = reader.Integer("relative_attention_max_distance", 128, 1 << 24),
            GatedGelu = reader.OneOf("feed_forward_proj", "relu", "relu", "gated-gelu") == "gated-gelu",
            ScaledOutput = reader.Flag("scale_decoder_outputs", tied),
            TiedEmbeddings = tied,
            DecoderStartId = reader.Index("decoder_start_token_id", 0),
            InitialFactor = reader.Positive("initializer_factor", 1),
        };
        configuration.Check(reader);
        return configuration;
    }

    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("architectures");
        writer.WriteStringValue("T5ForConditionalGeneration");
        writer.WriteEndArray();
        writer.WriteString("model_type", Family);
        writer.WriteBoolean("is_encoder_decoder", true);
        writer.WriteNumber("vocab_size", VocabularySize);
        writer.WriteNumber("d_model", HiddenSize);
        writer.WriteNumber("d_ff", FeedForwardSize);
        writer.WriteNumber("d_kv", HeadSize);
        writer.WriteNumber("num_heads", Heads);
        writer.WriteNumber("num_layers", EncoderLayers);
        writer.WriteNumber("num_decoder_layers", DecoderLayers);
        writer.WriteString("feed_forward_proj", GatedGelu ? "gated-gelu" : "relu");
        writer.WriteReal("layer_norm_epsilon", NormEpsilon);
        writer.WriteNumber("relative_attention_num_buckets", RelativeBuckets);
        writer.WriteNumber("relative_attention_max_distance", RelativeMaximumDistance);
        writer.WriteBoolean("tie_word_embeddings", TiedEmbeddings);
        writer.WriteBoolean("scale_decoder_outputs", ScaledOutput);
        writer.WriteNumber("decoder_start_token_id", DecoderStartId);
        writer.WriteReal("initializer_factor", InitialFactor);
    }

    private void Check(ConfigurationReader reader)
    {
        if (reader.Texts("architectures") is { Count: > 0 } architectures
            && !architectures.Any(name => name is "T5ForConditionalGeneration" or "T5WithLMHeadModel"))
        {
            reader.Fault($"architectures names {string.Join(", ", architectures)}; for model_type \"t5\" only T5ForConditionalGeneration is implemented");
        }

        // These two only repeat feed_forward_proj; where they contradict it, transformers follows them.
        var function = GatedGelu ? "gelu_new" : "relu";
        reader.OneOf("dense_act_fn", function, function);
        if (reader.Flag("is_gated_act", GatedGelu) != GatedGelu)
        {
            reader.Fault($"is_gated_act is {(GatedGelu ? "false" : "true")}, which contradicts feed_forward_proj \"{(GatedGelu ? "gated-gelu" : "relu")}\"");
        }

        if (RelativeBuckets < 4 || RelativeBuckets % 2 != 0)
        {
            reader.Fault($"relative_attention_num_buckets is {RelativeBuckets}; it must be an even number of at least 4");
        }

        if (RelativeMaximumDistance <= RelativeBuckets / 2)
        {
            reader.Fault($"relative_attention_max_distance is {RelativeMaximumDistance}; it must be more than half of relative_attention_num_buckets, which is {RelativeBuckets}");
        }

        if (DecoderStartId >= VocabularySize)
        {
            reader.Fault($"decoder_start_token_id is {DecoderStartId}; it must be below vocab_size, which is {VocabularySize}");
        }

        reader.RefuseUnlessNeutral("quantization_config");
        reader.RefuseUnlessNeutral("pruned_heads");
        reader.RefuseUnlessNeutral("num_experts");
    }
}

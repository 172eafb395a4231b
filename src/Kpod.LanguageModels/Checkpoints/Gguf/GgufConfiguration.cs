using System.Globalization;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>Reads the shape of a model from the key-values of a GGUF file and, where it has no keys for something, from its tensors.</summary>
internal sealed class GgufConfiguration
{
    /// <summary>The tensor that holds the divisors of the rotary frequencies; no key says that there are any.</summary>
    public const string RopeFactors = "rope_freqs.weight";

    private const string ArchitectureKey = "general.architecture";
    private const string Embedding = "token_embd.weight";

    // The format has no key for it: every published T5 has this value.
    private const int T5MaximumDistance = 128;

    private static readonly string[] Architectures = ["llama", "qwen2", "qwen3", "t5"];

    /// <summary>Keys that change the computation in ways that are not implemented, unless they are 0, 1 or "none".</summary>
    private static readonly string[] Unsupported =
    [
        "expert_count", "expert_used_count", "attention.sliding_window", "attention.max_alibi_bias", "attention.clamp_kqv", "attention.scale", "attention.causal",
        "attention.temperature_scale", "logit_scale", "attn_logit_softcapping", "final_logit_softcapping", "embedding_scale", "residual_scale", "rope.scale_linear",
        "rope.scaling.factor", "rope.scaling.attn_factor", "rope.scaling.type", "use_parallel_residual", "leading_dense_block_count", "attention.q_lora_rank",
    ];

    private readonly GgufFile _file;
    private readonly GgufMetadata _metadata;
    private readonly string _architecture;

    private GgufConfiguration(GgufFile file, string architecture)
    {
        _file = file;
        _metadata = file.Metadata;
        _architecture = architecture;
    }

    /// <summary>Reads the shape of the model in a file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>A <see cref="LlamaConfiguration"/> or a <see cref="T5Configuration"/>, as its <c>config.json</c> would give it.</returns>
    /// <exception cref="KpodException">The architecture or a key is missing, out of range or not implemented; the message names it.</exception>
    public static ModelConfiguration Read(GgufFile file)
    {
        var architecture = file.Metadata.Text(ArchitectureKey) ?? throw file.Metadata.Missing(ArchitectureKey);
        if (!Architectures.Contains(architecture))
        {
            throw file.Metadata.Fault(ArchitectureKey, $"is '{architecture}'; implemented are {string.Join(", ", Architectures)}");
        }

        var reader = new GgufConfiguration(file, architecture);
        reader.RefuseWhatIsNotImplemented();
        return architecture == "t5" ? reader.T5() : reader.Llama();
    }

    private LlamaConfiguration Llama()
    {
        var hiddenSize = Size("embedding_length");
        var heads = Size("attention.head_count");
        var keyValueHeads = Size("attention.head_count_kv", heads);
        var headSize = HeadSize(hiddenSize, heads);
        if (heads % keyValueHeads != 0)
        {
            throw Fault("attention.head_count", $"is {heads}; it must be a multiple of {Key("attention.head_count_kv")}, which is {keyValueHeads}");
        }

        if (headSize % 2 != 0)
        {
            throw Fault("attention.key_length", $"is {headSize}; the rotary embedding needs an even number");
        }

        return new LlamaConfiguration
        {
            Family = _architecture,
            VocabularySize = VocabularySize(),
            HiddenSize = hiddenSize,
            FeedForwardSize = Size("feed_forward_length"),
            Layers = Blocks("block_count"),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = headSize,
            MaximumLength = Size("context_length"),
            NormEpsilon = Positive("attention.layer_norm_rms_epsilon"),
            RopeTheta = Positive("rope.freq_base", 10000),
            RopeScaling = Divisors(headSize / 2),
            TiedEmbeddings = !_file.Tensors.ContainsKey("output.weight"),
            QueryKeyValueBias = _architecture == "qwen2" || _file.Tensors.ContainsKey("blk.0.attn_q.bias"),
            AttentionOutputBias = _file.Tensors.ContainsKey("blk.0.attn_output.bias"),
            FeedForwardBias = _file.Tensors.ContainsKey("blk.0.ffn_gate.bias"),
            QueryKeyNorm = _architecture == "qwen3",
        };
    }

    private T5Configuration T5()
    {
        var hiddenSize = Size("embedding_length");
        var heads = Size("attention.head_count");
        var layers = Blocks("block_count");
        var tied = !_file.Tensors.ContainsKey("output.weight");
        return new T5Configuration
        {
            Family = _architecture,
            VocabularySize = VocabularySize(),
            HiddenSize = hiddenSize,
            FeedForwardSize = Size("feed_forward_length"),
            EncoderLayers = layers,
            DecoderLayers = Blocks("decoder_block_count", layers),
            Heads = heads,
            HeadSize = HeadSize(hiddenSize, heads),
            NormEpsilon = Positive("attention.layer_norm_rms_epsilon"),
            RelativeBuckets = Size("attention.relative_buckets_count"),
            RelativeMaximumDistance = T5MaximumDistance,
            GatedGelu = _file.Tensors.ContainsKey("enc.blk.0.ffn_gate.weight"),

            // transformers scales the logits of the tied models, which are those of T5 v1.0.
            ScaledOutput = tied,
            TiedEmbeddings = tied,
            DecoderStartId = _metadata.Integer(Key("decoder_start_token_id")) ?? 0,
        };
    }

    private void RefuseWhatIsNotImplemented()
    {
        foreach (var key in Unsupported.Select(Key).Where(_metadata.Has))
        {
            var value = Convert.ToString(_metadata.Values[key], CultureInfo.InvariantCulture)!;
            var isLongWindow = key.EndsWith("sliding_window", StringComparison.Ordinal) && _metadata.Integer(key) >= Size("context_length");
            if (!isLongWindow && value is not ("0" or "1" or "none" or "False") && !(value == "True" && key.EndsWith("attention.causal", StringComparison.Ordinal)))
            {
                throw _metadata.Fault(key, $"is {value}, which changes the computation in a way that is not implemented");
            }
        }
    }

    private int HeadSize(int hiddenSize, int heads)
    {
        if (_metadata.Integer(Key("attention.key_length"), least: 1, most: 1 << 14) is { } size)
        {
            return Agreeing(size, "attention.value_length", "rope.dimension_count");
        }

        if (_metadata.Integer(Key("rope.dimension_count"), least: 1, most: 1 << 14) is { } dimensions)
        {
            // Without a key_length of its own, the head is as wide as the share of the embedding; a narrower rotation would be a partial one.
            size = hiddenSize / heads;
            return size == dimensions && hiddenSize % heads == 0 ? size
                : throw Fault("rope.dimension_count", $"is {dimensions}, but {Key("embedding_length")} / {Key("attention.head_count")} is {hiddenSize} / {heads}; the rotation of a part of a head is not implemented");
        }

        return hiddenSize % heads == 0 ? hiddenSize / heads
            : throw Fault("attention.head_count", $"is {heads}, which does not divide {Key("embedding_length")}, {hiddenSize}");
    }

    private int Agreeing(int size, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (_metadata.Integer(Key(key)) is { } other && other != size)
            {
                throw Fault(key, $"is {other}, but {Key("attention.key_length")} is {size}; heads of different widths are not implemented");
            }
        }

        return size;
    }

    private int VocabularySize()
    {
        if (!_file.Tensors.TryGetValue(Embedding, out var embedding) || embedding.Shape is not [var rows and > 0 and <= 1 << 24, _])
        {
            throw new KpodException($"{_file.Path}: the tensor {Embedding}, a matrix with a row for each token, is missing.");
        }

        return _metadata.Integer(Key("vocab_size")) is not { } stated || stated == rows ? (int)rows
            : throw Fault("vocab_size", $"is {stated}, but {Embedding} has {rows} rows");
    }

    // Every block has tensors of its own, so the table bounds what a number in the file may make us do.
    private int Blocks(string key, int? fallback = null)
    {
        var count = Size(key, fallback);
        return count <= _file.Tensors.Count ? count : throw Fault(key, $"is {count}, but the file has only {_file.Tensors.Count} tensors");
    }

    private RopeScaling.PerFrequency? Divisors(int pairs)
    {
        if (!_file.Tensors.TryGetValue(RopeFactors, out var tensor))
        {
            return null;
        }

        if (tensor.Shape is not [var count] || count != pairs || tensor.Type.Name != "F32")
        {
            throw new KpodException($"{_file.Path}: the tensor {RopeFactors} is {tensor.Type.Name} of the shape {TensorSize.Text(tensor.Shape)}; it must be F32 of the shape [{pairs}].");
        }

        using var scope = torch.NewDisposeScope();
        var divisors = _file.Read(RopeFactors).data<float>().ToArray();
        return divisors.All(divisor => divisor > 0 && float.IsFinite(divisor)) ? new RopeScaling.PerFrequency(divisors)
            : throw new KpodException($"{_file.Path}: the tensor {RopeFactors} holds a number that is not above 0.");
    }

    private int Size(string key, int? fallback = null) =>
        _metadata.Integer(Key(key), least: 1) ?? fallback ?? throw _metadata.Missing(Key(key));

    // The file has 32 bits of a number that was written in decimal: 1e-5, not 9.99999974737875e-6.
    private double Positive(string key, double? fallback = null)
    {
        if (_metadata.Number(Key(key)) is not { } number)
        {
            return fallback ?? throw _metadata.Missing(Key(key));
        }

        var written = _metadata.Values[Key(key)] is float single ? double.Parse(single.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : number;
        return written > 0 ? written : throw Fault(key, $"is {written.ToString(CultureInfo.InvariantCulture)}; it must be above 0");
    }

    private string Key(string key) => $"{_architecture}.{key}";

    private KpodException Fault(string key, string what) => _metadata.Fault(Key(key), what);
}

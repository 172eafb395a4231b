using System.Text.Json;
using System.Text.Json.Nodes;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Testing;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests;

public sealed class ModelConfigurationTests
{
    private static readonly SpecialTokenIds Tokens = new(1, [2, 5], 0);

    public static TheoryData<string> Variants => [.. RecordedModels.Folders];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Both_spellings_of_a_configuration_give_the_same_model(string variant)
    {
        var folder = SharedFolder.PathOf("fixtures", "models", variant);
        var (newer, older) = (Read(folder, "config.json"), Read(folder, "config.v4.json"));
        if (newer is T5Configuration t5)
        {
            // transformers 5 calls every T5 tied; the output layer in the checkpoint decides.
            Assert.True(t5.TiedEmbeddings);
            Assert.Equal(t5 with { TiedEmbeddings = t5.ScaledOutput }, older);
        }
        else
        {
            Assert.Equal(newer, older);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_written_configuration_reads_back_to_an_equal_record(string variant)
    {
        var configuration = Read(SharedFolder.PathOf("fixtures", "models", variant), "config.json");
        var json = configuration.ToJson(Tokens, torch.ScalarType.BFloat16);
        Assert.Equal(configuration, ModelArchitectures.Parse(json, "written"));
        var written = JsonNode.Parse(json)!;
        Assert.Equal("bfloat16", written["torch_dtype"]!.GetValue<string>());
        Assert.Equal([2, 5], written["eos_token_id"]!.Deserialize<int[]>()!);

        // transformers 5 takes no 1 for a 1.0.
        string[] reals = ["rms_norm_eps", "layer_norm_epsilon", "initializer_range", "initializer_factor", "rope_theta", "factor", "low_freq_factor", "high_freq_factor"];
        Assert.DoesNotMatch($"\"({string.Join('|', reals)})\": -?[0-9]+[,\n ]", json);
        Assert.Matches("\"(rope_theta|initializer_factor)\": [0-9]+[.]", json);
    }

    [Fact]
    public void The_fixtures_shapes_are_read_in_full()
    {
        var qwen3 = (LlamaConfiguration)Read(SharedFolder.PathOf("fixtures", "models", "qwen3"), "config.v4.json");
        Assert.True(qwen3 is { QueryKeyNorm: true, QueryKeyValueBias: false, Heads: 4, KeyValueHeads: 2, HeadSize: 16, HiddenSize: 48, RopeTheta: 1e6, NormEpsilon: 1e-6 });
        var bias = (LlamaConfiguration)Read(SharedFolder.PathOf("fixtures", "models", "llama-bias"), "config.v4.json");
        Assert.True(bias is { QueryKeyValueBias: true, AttentionOutputBias: true, FeedForwardBias: true });
        var qwen2 = (LlamaConfiguration)Read(SharedFolder.PathOf("fixtures", "models", "qwen2"), "config.v4.json");
        Assert.True(qwen2 is { QueryKeyValueBias: true, AttentionOutputBias: false });
        var stretched = (LlamaConfiguration)Read(SharedFolder.PathOf("fixtures", "models", "llama-rope-llama3"), "config.v4.json");
        Assert.Equal(new RopeScaling.Llama3(8, 1, 4, 64), stretched.RopeScaling);
        var deep = (T5Configuration)Read(SharedFolder.PathOf("fixtures", "models", "t5-flan-deep"), "config.v4.json");
        Assert.True(deep is { EncoderLayers: 2, DecoderLayers: 3, RelativeBuckets: 16, RelativeMaximumDistance: 32, GatedGelu: true, ScaledOutput: false });
        var plain = (T5Configuration)Read(SharedFolder.PathOf("fixtures", "models", "t5-v1_0-relu-tied"), "config.v4.json");
        Assert.True(plain is { DecoderLayers: 2, RelativeMaximumDistance: 128, GatedGelu: false, ScaledOutput: true, TiedEmbeddings: true });
    }

    [Theory]
    [InlineData("llama", "rope_scaling", """{"type":"linear","factor":2.0}""", "rope_scaling.type is \"linear\"; implemented: default, llama3")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"yarn","factor":2.0}""", "rope_scaling.rope_type is \"yarn\"; implemented: default, llama3")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":64}""", "high_freq_factor is 4; it must be larger than low_freq_factor, which is 4")]
    [InlineData("llama", "rope_parameters", """{"rope_type":"default","rope_theta":0}""", "rope_parameters.rope_theta is 0; it must be a number above 0")]
    [InlineData("llama", "hidden_act", "\"gelu\"", "hidden_act is \"gelu\"; implemented: silu, swish")]
    [InlineData("llama", "architectures", """["LlamaForSequenceClassification"]""", "architectures names LlamaForSequenceClassification; for model_type \"llama\" only LlamaForCausalLM is implemented")]
    [InlineData("llama", "quantization_config", """{"bits":4}""", "quantization_config is {\"bits\":4}; this changes the computation and is not implemented")]
    [InlineData("llama", "final_logit_softcapping", "30.0", "final_logit_softcapping is 30.0; this changes the computation and is not implemented")]
    [InlineData("llama", "partial_rotary_factor", "0.5", "partial_rotary_factor is 0.5; this changes the computation and is not implemented")]
    [InlineData("llama", "num_key_value_heads", "3", "num_attention_heads is 4; it must be a multiple of num_key_value_heads, which is 3")]
    [InlineData("llama", "head_dim", "7", "head_dim is 7; the rotary embedding needs an even number")]
    [InlineData("llama", "num_hidden_layers", "100000000", "num_hidden_layers is 100000000; it must be a whole number from 1 to 4,096")]
    [InlineData("llama", "vocab_size", "\"many\"", "vocab_size is \"many\"; it must be a whole number from 1 to 16,777,216")]
    [InlineData("llama", "tie_word_embeddings", "1", "tie_word_embeddings is 1; it must be true or false")]
    [InlineData("mistral", "sliding_window", "64", "sliding_window is 64, shorter than max_position_embeddings, which is 128; attention with a sliding window is not implemented")]
    [InlineData("mistral", "max_position_embeddings", "8192", "sliding_window is 4096 (the default of transformers where the key is missing; set it to null if the model has none), shorter than max_position_embeddings, which is 8192; attention with a sliding window is not implemented")]
    [InlineData("qwen2", "layer_types", """["sliding_attention"]""", "layer_types names sliding_attention; only full_attention is implemented")]
    [InlineData("gpt2", "vocab_size", "1", "model_type is \"gpt2\"; implemented are llama, mistral, qwen2, qwen3, t5")]
    [InlineData("t5", "feed_forward_proj", "\"gated-silu\"", "feed_forward_proj is \"gated-silu\"; implemented: relu, gated-gelu")]
    [InlineData("t5", "dense_act_fn", "\"gelu\"", "dense_act_fn is \"gelu\"; implemented: relu")]
    [InlineData("t5", "is_gated_act", "true", "is_gated_act is true, which contradicts feed_forward_proj \"relu\"")]
    [InlineData("t5", "relative_attention_num_buckets", "7", "relative_attention_num_buckets is 7; it must be an even number of at least 4")]
    [InlineData("t5", "relative_attention_max_distance", "16", "relative_attention_max_distance is 16; it must be more than half of relative_attention_num_buckets, which is 32")]
    [InlineData("t5", "decoder_start_token_id", "900", "decoder_start_token_id is 900; it must be below vocab_size, which is 100")]
    public void What_is_not_implemented_or_out_of_range_is_refused_by_name(string family, string key, string value, string fault)
    {
        var configuration = Smallest(family);
        configuration[key] = JsonNode.Parse(value);
        var exception = Assert.Throws<KpodException>(() => ModelArchitectures.Parse(configuration.ToJsonString(), "folder/config.json"));
        Assert.Equal($"folder/config.json: {fault}", exception.Message);
    }

    [Theory]
    [InlineData("mistral", "sliding_window", "128")]
    [InlineData("mistral", "sliding_window", "null")]
    [InlineData("qwen2", "sliding_window", "4")]
    [InlineData("llama", "sliding_window", "4")]
    [InlineData("llama", "pretraining_tp", "2")]
    [InlineData("llama", "logits_scaling", "1.0")]
    [InlineData("llama", "quantization_config", "null")]
    [InlineData("llama", "some_note", "\"text\"")]
    public void What_changes_nothing_is_accepted(string family, string key, string value)
    {
        var configuration = Smallest(family);
        configuration[key] = JsonNode.Parse(value);
        Assert.Equal(family, ModelArchitectures.Parse(configuration.ToJsonString(), "config.json").Family);
    }

    [Fact]
    public void A_window_that_counts_only_for_layers_that_do_not_exist_is_accepted()
    {
        var configuration = Smallest("qwen2");
        (configuration["use_sliding_window"], configuration["sliding_window"], configuration["max_window_layers"]) = (true, 4, 2);
        Assert.NotNull(ModelArchitectures.Parse(configuration.ToJsonString(), "config.json"));
        configuration["max_window_layers"] = 1;
        Assert.Contains("sliding_window is 4", Assert.Throws<KpodException>(() => ModelArchitectures.Parse(configuration.ToJsonString(), "config.json")).Message);
    }

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        var exception = Assert.Throws<KpodException>(() => ModelArchitectures.Parse("""{"model_type":"llama","hidden_act":"relu","vocab_size":0}""", "config.json"));
        foreach (var key in new[] { "hidden_size is missing", "num_attention_heads is missing", "intermediate_size is missing", "num_hidden_layers is missing", "vocab_size is 0", "hidden_act is \"relu\"" })
        {
            Assert.Contains(key, exception.Message);
        }
    }

    [Theory]
    [InlineData("{\n\"a\": }", "config.json, line 2, byte 5: this is no JSON. Fetch the file again.")]
    [InlineData("[]", "config.json: a model's configuration is a JSON object, but this is Array. Fetch the file again.")]
    [InlineData("{}", "config.json: model_type is missing; implemented are llama, mistral, qwen2, qwen3, t5")]
    public void A_file_that_is_no_configuration_is_refused(string json, string message) =>
        Assert.Equal(message, Assert.Throws<KpodException>(() => ModelArchitectures.Parse(json, "config.json")).Message);

    private static ModelConfiguration Read(string folder, string file) => ModelArchitectures.Parse(File.ReadAllText(Path.Combine(folder, file)), file);

    private static JsonObject Smallest(string family) => family == "t5"
        ? new JsonObject { ["model_type"] = family, ["vocab_size"] = 100, ["d_model"] = 8, ["d_ff"] = 8, ["d_kv"] = 4, ["num_heads"] = 2, ["num_layers"] = 2 }
        : new JsonObject
        {
            ["model_type"] = family,
            ["vocab_size"] = 100,
            ["hidden_size"] = 16,
            ["intermediate_size"] = 8,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["num_key_value_heads"] = 4,
            ["max_position_embeddings"] = 128,
        };
}

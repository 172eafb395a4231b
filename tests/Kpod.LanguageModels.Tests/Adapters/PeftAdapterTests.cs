using System.Text.Json.Nodes;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Testing;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Adapters;

public sealed class PeftAdapterTests
{
    private const string ConfigurationFile = "adapter_config.json";
    private const string WeightsFile = "adapter_model.safetensors";

    public static TheoryData<string, string> Supported => new()
    {
        { "llama-mha-untied", "lora" },
        { "llama-mha-untied", "lora-rslora" },
        { "llama-gqa-tied", "lora" },
        { "llama-gqa-tied", "lora-qv" },
        { "qwen2", "lora" },
        { "t5-flan-gated-untied", "lora" },
    };

    [Theory]
    [MemberData(nameof(Supported))]
    public void An_adapter_of_peft_is_written_back_byte_for_byte(string variant, string adapterFolder)
    {
        using var temporary = new TemporaryFolder();
        using var model = Model(variant);
        var source = SharedFolder.PathOf("fixtures", "models", variant, adapterFolder);
        var adapter = PeftAdapter.Load(model, source);
        PeftAdapter.Save(adapter, temporary.FullPath, variant);
        Assert.Equal(File.ReadAllText(Path.Combine(source, ConfigurationFile)).TrimEnd(), File.ReadAllText(temporary.PathOf(ConfigurationFile)).TrimEnd());
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, WeightsFile)), File.ReadAllBytes(temporary.PathOf(WeightsFile)));
    }

    [Theory]
    [InlineData("lora-patterns", "rank_pattern", "alpha_pattern")]
    [InlineData("lora-layers", "layers_to_transform")]
    public void Adapters_that_need_more_are_refused_by_key(string folder, params string[] keys)
    {
        using var model = Model("qwen2");
        var exception = Assert.Throws<KpodException>(() => PeftAdapter.Load(model, SharedFolder.PathOf("fixtures", "models", "qwen2", folder)));
        Assert.All(keys, key => Assert.Contains($"{key} is ", exception.Message, StringComparison.Ordinal));
        Assert.All(model.Linears, linear => Assert.Null(linear.Lora));
    }

    [Theory]
    [InlineData("use_dora", "true")]
    [InlineData("bias", "\"all\"")]
    [InlineData("lora_bias", "true")]
    [InlineData("modules_to_save", "[\"lm_head\"]")]
    [InlineData("layers_to_transform", "[1]")]
    [InlineData("layers_pattern", "\"layers\"")]
    [InlineData("rank_pattern", "{\"q_proj\": 2}")]
    [InlineData("alpha_pattern", "{\"q_proj\": 2}")]
    [InlineData("fan_in_fan_out", "true")]
    [InlineData("exclude_modules", "[\"q_proj\"]")]
    [InlineData("target_parameters", "[\"x\"]")]
    [InlineData("trainable_token_indices", "[1]")]
    [InlineData("layer_replication", "[[0, 1]]")]
    [InlineData("use_qalora", "true")]
    [InlineData("use_bdlora", "{\"a\": 1}")]
    [InlineData("alora_invocation_tokens", "[1]")]
    [InlineData("arrow_config", "{\"a\": 1}")]
    [InlineData("kasa_config", "{\"a\": 1}")]
    [InlineData("velora_config", "{\"a\": 1}")]
    [InlineData("monteclora_config", "{\"a\": 1}")]
    [InlineData("a_key_of_a_later_release", "1")]
    [InlineData("init_lora_weights", "\"pissa\"")]
    [InlineData("peft_type", "\"IA3\"")]
    [InlineData("task_type", "\"SEQ_2_SEQ_LM\"")]
    [InlineData("target_modules", "\".*_proj\"")]
    [InlineData("r", "0")]
    [InlineData("r", "4.5")]
    [InlineData("r", "99999999999")]
    [InlineData("lora_alpha", "\"8\"")]
    public void A_key_that_changes_the_numbers_is_refused_by_name(string key, string value)
    {
        using var temporary = new TemporaryFolder();
        using var model = Model("llama-gqa-tied");
        Copy("llama-gqa-tied", temporary, (key, value));
        var exception = Assert.Throws<KpodException>(() => PeftAdapter.Load(model, temporary.FullPath));
        Assert.StartsWith(temporary.PathOf(ConfigurationFile), exception.Message, StringComparison.Ordinal);
        Assert.Contains(key is "r" && value == "0" ? "the LoRA rank is 0" : $"{key} is {JsonNode.Parse(value)!.ToJsonString()}", exception.Message, StringComparison.Ordinal);
        Assert.All(model.Linears, linear => Assert.Null(linear.Lora));
    }

    [Theory]
    [InlineData("inference_mode", "false")]
    [InlineData("init_lora_weights", "\"gaussian\"")]
    [InlineData("revision", "\"main\"")]
    [InlineData("task_type", "null")]
    [InlineData("target_modules", "\"all-linear\"")]
    [InlineData("lora_dropout", "0.05")]
    public void A_key_that_changes_nothing_is_accepted(string key, string value)
    {
        using var temporary = new TemporaryFolder();
        using var model = Model("llama-gqa-tied");
        Copy("llama-gqa-tied", temporary, (key, value));
        var adapter = PeftAdapter.Load(model, temporary.FullPath);
        Assert.Equal(key == "lora_dropout" ? 0.05 : 0, adapter.Options.Dropout);
        Assert.Equal(28, adapter.Parameters.Count);
    }

    [Fact]
    public void Missing_keys_are_named()
    {
        using var temporary = new TemporaryFolder();
        using var model = Model("llama-gqa-tied");
        File.WriteAllText(temporary.PathOf(ConfigurationFile), """{"peft_type": "LORA", "r": 4}""");
        Assert.EndsWith("the key target_modules is missing", Assert.Throws<KpodException>(() => PeftAdapter.Load(model, temporary.FullPath)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-gqa-tied", "llama-mha-untied", "q_proj.lora_A.weight' has the shape [4, 64], but the configuration asks for [4, 48]")]
    [InlineData("llama-sharded", "llama-gqa-tied", "k_proj.lora_B.weight' has the shape [16, 4], but the configuration asks for [48, 4]")]
    [InlineData("t5-flan-gated-untied", "llama-mha-untied", "task_type")]
    public void An_adapter_of_another_base_is_refused_and_leaves_the_model_alone(string variant, string adapterVariant, string message)
    {
        using var model = Model(variant);
        var exception = Assert.Throws<KpodException>(() => PeftAdapter.Load(model, SharedFolder.PathOf("fixtures", "models", adapterVariant, "lora")));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.All(model.Linears, linear => Assert.Null(linear.Lora));
    }

    [Fact]
    public void Weights_that_no_target_selects_are_refused()
    {
        using var temporary = new TemporaryFolder();
        using var model = Model("llama-gqa-tied");
        Copy("llama-gqa-tied", temporary, ("target_modules", """["q_proj", "v_proj"]"""));
        Assert.Contains("down_proj.lora_A.weight' belongs to no linear map", Assert.Throws<KpodException>(() => PeftAdapter.Load(model, temporary.FullPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trained_adapter_survives_a_round_trip_bit_for_bit()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        var options = new LoraOptions { Rank = 3, Alpha = 4.5, Targets = ["q_proj", "down_proj"], RankStabilised = true, Dropout = 0.125 };
        var adapter = LoraAdapter.Attach(model, options, seed: 3);
        torch.manual_seed(1);
        using (torch.no_grad())
        {
            foreach (var parameter in adapter.Parameters)
            {
                parameter.Value.add_(torch.randn_like(parameter.Value));
            }
        }

        PeftAdapter.Save(adapter, temporary.FullPath, "some/base");
        using var second = TinyModel.Llama();
        var loaded = PeftAdapter.Load(second, temporary.FullPath);
        Assert.Equivalent(options, loaded.Options);
        Assert.Equal(options.Scaling, second.Linears[0].Lora!.Scaling);
        foreach (var (expected, actual) in adapter.Parameters.Zip(loaded.Parameters))
        {
            Assert.Equal(expected.Name, actual.Name);
            Assert.True(expected.Value.detach().bytes.SequenceEqual(actual.Value.detach().bytes), expected.Name);
        }
    }

    [Fact]
    public void A_pickled_adapter_is_refused_for_what_it_is()
    {
        using var temporary = new TemporaryFolder();
        using var model = Model("llama-gqa-tied");
        Copy("llama-gqa-tied", temporary);
        File.Move(temporary.PathOf(WeightsFile), temporary.PathOf("adapter_model.bin"));
        Assert.Contains("adapter_model.bin: is a PyTorch pickle", Assert.Throws<KpodException>(() => PeftAdapter.Load(model, temporary.FullPath)).Message, StringComparison.Ordinal);
    }

    private static ILanguageModel Model(string variant) => CheckpointLoader.LoadModel(SharedFolder.PathOf("fixtures", "models", variant), torch.ScalarType.Float32, torch.CPU);

    private static void Copy(string variant, TemporaryFolder temporary, params ReadOnlySpan<(string Key, string Value)> changes)
    {
        var source = SharedFolder.PathOf("fixtures", "models", variant, "lora");
        var configuration = JsonNode.Parse(File.ReadAllText(Path.Combine(source, ConfigurationFile)))!;
        foreach (var (key, value) in changes)
        {
            configuration[key] = JsonNode.Parse(value);
        }

        File.WriteAllText(temporary.PathOf(ConfigurationFile), configuration.ToJsonString());
        File.Copy(Path.Combine(source, WeightsFile), temporary.PathOf(WeightsFile));
    }
}

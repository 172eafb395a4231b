using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Testing;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints.HuggingFace;

public sealed class HuggingFaceFolderTests
{
    private static readonly SpecialTokenIds Tokens = new(1, [2, 5], 0);

    [Theory]
    [InlineData("llama-gqa-tied")]
    [InlineData("llama-mha-untied")]
    [InlineData("llama-rope-llama3")]
    [InlineData("llama-bias")]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("t5-v1_0-relu-tied")]
    [InlineData("t5-flan-gated-untied")]
    [InlineData("t5-flan-deep")]
    public void The_weights_of_a_published_checkpoint_are_written_back_byte_for_byte(string variant)
    {
        using var temporary = new TemporaryFolder();
        var source = SharedFolder.PathOf("fixtures", "models", variant);
        using (var model = Load(source))
        {
            HuggingFaceFolder.Save(temporary.FullPath, model, Tokens);
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "model.safetensors")), File.ReadAllBytes(temporary.PathOf("model.safetensors")));
        var written = Parse(temporary.FullPath);
        var original = Parse(source);

        // transformers 5 writes "tied" for every T5.
        original = original is T5Configuration t5 ? t5 with { TiedEmbeddings = ((T5Configuration)written).TiedEmbeddings } : original;
        Assert.Equal(original, written);
        Assert.Equal([2, 5], EndTokens.Read(temporary.FullPath, 256));
    }

    [Fact]
    public void Shards_hold_what_the_single_file_holds()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        HuggingFaceFolder.Save(temporary.FullPath, model, Tokens);
        HuggingFaceFolder.Save(temporary.FullPath, model, Tokens, shardBytes: 20_000);
        Assert.False(File.Exists(temporary.PathOf("model.safetensors")));
        var shards = Directory.GetFiles(temporary.FullPath, "model-*.safetensors").Order(StringComparer.Ordinal).ToList();
        Assert.True(shards.Count > 2);
        for (var shard = 0; shard < shards.Count; shard++)
        {
            Assert.Equal($"model-{shard + 1:D5}-of-{shards.Count:D5}.safetensors", Path.GetFileName(shards[shard]));
            using var file = new SafetensorsFile(shards[shard]);
            Assert.InRange(file.Tensors.Values.Max(tensor => tensor.End), 1, 20_000);
        }

        AssertSameWeights(model, temporary.FullPath);

        // And back: a stale index must not outlive the shards' model.
        HuggingFaceFolder.Save(temporary.FullPath, model, Tokens);
        Assert.False(File.Exists(temporary.PathOf("model.safetensors.index.json")));
        AssertSameWeights(model, temporary.FullPath);
    }

    [Fact]
    public void Weights_are_written_in_the_type_that_is_asked_for()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.T5(type: torch.ScalarType.BFloat16);
        HuggingFaceFolder.Save(temporary.FullPath, model, Tokens);
        using (var file = new SafetensorsFile(temporary.PathOf("model.safetensors")))
        {
            Assert.All(file.Tensors.Values, tensor => Assert.Equal("BF16", tensor.TypeName));
        }

        HuggingFaceFolder.Save(temporary.FullPath, model, Tokens, torch.ScalarType.Float32);
        using var wide = new SafetensorsFile(temporary.PathOf("model.safetensors"));
        Assert.All(wide.Tensors.Values, tensor => Assert.Equal("F32", tensor.TypeName));
    }

    [Fact]
    public void A_model_with_an_adapter_is_not_written_without_it()
    {
        using var temporary = new TemporaryFolder();
        using var model = TinyModel.Llama();
        LoraAdapter.Attach(model, new LoraOptions { Rank = 2 }, seed: 1);
        Assert.Throws<ArgumentException>(() => HuggingFaceFolder.Save(temporary.FullPath, model, Tokens));
        Assert.Empty(Directory.GetFiles(temporary.FullPath));
    }

    [Theory]
    [InlineData("""{"eos_token_id": 7}""", """{"eos_token_id": 3}""", 7)]
    [InlineData("""{"eos_token_id": null}""", """{"eos_token_id": 3}""", 3)]
    [InlineData("""{}""", """{"eos_token_id": [3, 4, 3]}""", 3, 4)]
    [InlineData("""{}""", """{}""")]
    [InlineData(null, """{"eos_token_id": 3}""", 3)]
    public void The_end_tokens_of_the_generation_go_before_those_of_the_model(string? generation, string model, params int[] expected)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.PathOf("config.json"), model);
        if (generation is not null)
        {
            File.WriteAllText(temporary.PathOf("generation_config.json"), generation);
        }

        Assert.Equal(expected, EndTokens.Read(temporary.FullPath, 10));
    }

    [Theory]
    [InlineData("10")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"2\"")]
    [InlineData("[2, [3]]")]
    public void An_end_token_that_is_no_id_is_refused(string value)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.PathOf("config.json"), $$"""{"eos_token_id": {{value}}}""");
        var exception = Assert.Throws<KpodException>(() => EndTokens.Read(temporary.FullPath, 10));
        Assert.StartsWith($"{temporary.PathOf("config.json")}: eos_token_id is ", exception.Message, StringComparison.Ordinal);
    }

    private static ILanguageModel Load(string folder) => CheckpointLoader.LoadModel(folder, torch.ScalarType.Float32, torch.CPU);

    private static ModelConfiguration Parse(string folder) => ModelArchitectures.Parse(File.ReadAllText(Path.Combine(folder, "config.json")), "config.json");

    private static void AssertSameWeights(LlamaModel expected, string folder)
    {
        using var loaded = Load(folder);
        Assert.Equal(expected.Weights.Select(weight => weight.Key), loaded.Weights.Select(weight => weight.Key));
        Assert.All(expected.Weights.Zip(loaded.Weights), pair => Assert.True(pair.First.Value.bytes.SequenceEqual(pair.Second.Value.bytes), pair.First.Key));
    }
}

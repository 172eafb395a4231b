using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Testing;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints;

public sealed class TiedWeightsTests
{
    private static readonly SpecialTokenIds Tokens = new(1, [2], 0);

    [Fact]
    public void A_stored_output_layer_of_other_values_is_used_whatever_the_configuration_says()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        HuggingFaceFolder.Save(temporary.FullPath, model, Tokens);
        var head = model.InputEmbedding.mul(2);
        SafetensorsWriter.Write(temporary.PathOf("model.safetensors"), [.. model.Weights, KeyValuePair.Create("lm_head.weight", head)]);
        using var loaded = (LlamaModel)CheckpointLoader.LoadModel(temporary.FullPath, torch.ScalarType.Float32, torch.CPU);
        Assert.False(loaded.Configuration.TiedEmbeddings);
        Assert.True(loaded.Weights.Single(weight => weight.Key == "lm_head.weight").Value.Equals(head.cpu()));
        var states = torch.ones(1, 32);
        Assert.True(loaded.Logits(states).allclose(torch.nn.functional.linear(states, head.cpu()), 1e-5, 1e-5));
    }

    [Fact]
    public void A_copy_of_the_embedding_stays_tied()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        HuggingFaceFolder.Save(temporary.FullPath, model, Tokens);
        SafetensorsWriter.Write(temporary.PathOf("model.safetensors"), [.. model.Weights, KeyValuePair.Create("lm_head.weight", model.InputEmbedding)]);
        using var loaded = (LlamaModel)CheckpointLoader.LoadModel(temporary.FullPath, torch.ScalarType.Float32, torch.CPU);
        Assert.True(loaded.Configuration.TiedEmbeddings);
        Assert.DoesNotContain(loaded.Weights, weight => weight.Key == "lm_head.weight");
    }

    [Fact]
    public void A_shared_matrix_that_is_stored_once_is_found_under_any_of_its_names()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var llama = TinyModel.Llama();
        HuggingFaceFolder.Save(temporary.PathOf("llama"), llama, Tokens);
        Rename(temporary.PathOf("llama", "model.safetensors"), llama.Weights, "model.embed_tokens.weight", "lm_head.weight");
        using var loaded = (LlamaModel)CheckpointLoader.LoadModel(temporary.PathOf("llama"), torch.ScalarType.Float32, torch.CPU);
        Assert.True(loaded.Configuration.TiedEmbeddings);
        Assert.True(loaded.InputEmbedding.Equals(llama.InputEmbedding.cpu()));
        using var t5 = TinyModel.T5();
        HuggingFaceFolder.Save(temporary.PathOf("t5"), t5, new SpecialTokenIds(null, [1], 0));
        foreach (var name in new[] { "encoder.embed_tokens.weight", "decoder.embed_tokens.weight" })
        {
            Rename(temporary.PathOf("t5", "model.safetensors"), t5.Weights, "shared.weight", name);
            using var again = (T5Model)CheckpointLoader.LoadModel(temporary.PathOf("t5"), torch.ScalarType.Float32, torch.CPU);
            Assert.True(again.InputEmbedding.Equals(t5.InputEmbedding.cpu()));
        }
    }

    [Fact]
    public void Two_embeddings_of_other_values_are_refused_by_name()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var t5 = TinyModel.T5();
        HuggingFaceFolder.Save(temporary.FullPath, t5, new SpecialTokenIds(null, [1], 0));
        SafetensorsWriter.Write(temporary.PathOf("model.safetensors"), [.. t5.Weights, KeyValuePair.Create("decoder.embed_tokens.weight", t5.InputEmbedding.add(1))]);
        var message = Assert.Throws<KpodException>(() => CheckpointLoader.LoadModel(temporary.FullPath, torch.ScalarType.Float32, torch.CPU)).Message;
        Assert.Contains("'decoder.embed_tokens.weight' differs from 'shared.weight'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12-tied-but-own-head", "tie_word_embeddings is true, but the weights hold an lm_head.weight that differs")]
    [InlineData("14-t5-without-shared", null)]
    public void The_shared_cases_load_and_say_what_is_not_followed(string name, string? remark)
    {
        using var checkpoint = CheckpointLoader.Load(SharedFolder.PathOf("cases", name), torch.ScalarType.Float32, torch.CPU);
        Assert.Equal(remark is null ? 0 : 1, checkpoint.Remarks.Count);
        Assert.All(checkpoint.Remarks, said => Assert.Contains(remark!, said, StringComparison.Ordinal));
    }

    [Fact]
    public void The_shared_case_of_a_stretch_beside_plain_positions_is_refused_by_name() =>
        Assert.Contains(
            "rope_scaling.rope_type is \"yarn\"; implemented: default, llama3",
            Assert.Throws<KpodException>(() => CheckpointLoader.LoadModel(SharedFolder.PathOf("cases", "13-rope-scaling-added"), torch.ScalarType.Float32, torch.CPU)).Message,
            StringComparison.Ordinal);

    private static void Rename(string path, IEnumerable<KeyValuePair<string, torch.Tensor>> weights, string old, string name) =>
        SafetensorsWriter.Write(path, weights.Select(weight => weight.Key == old ? KeyValuePair.Create(name, weight.Value) : weight));
}

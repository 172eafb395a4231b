using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints;

public sealed class CheckpointWeightsTests
{
    private const string Name = "model.layers.0.self_attn.q_proj.weight";

    [Fact]
    public void Shards_and_a_single_file_are_read_by_published_names()
    {
        foreach (var variant in new[] { "llama-sharded", "llama-gqa-tied" })
        {
            using var weights = CheckpointWeights.OpenSafetensors(SharedFolder.PathOf("fixtures", "models", variant), torch.ScalarType.Float32, torch.CPU);
            Assert.True(weights.Contains(Name));
            Assert.False(weights.Contains("model.layers.9.self_attn.q_proj.weight"));
            using var weight = weights.Take(Name, 48, 48);
            Assert.Equal([48L, 48], weight.shape);
            Assert.DoesNotContain(Name, weights.Untaken);
            Assert.Contains("model.embed_tokens.weight", weights.Untaken);
        }
    }

    [Fact]
    public void Weights_come_in_the_type_that_was_asked_for_and_outlive_the_scope()
    {
        using var weights = CheckpointWeights.OpenSafetensors(SharedFolder.PathOf("fixtures", "models", "llama-gqa-tied"), torch.ScalarType.BFloat16, torch.CPU);
        torch.Tensor weight;
        using (torch.NewDisposeScope())
        {
            weight = weights.Take(Name, 48, 48);
        }

        using (weight)
        using (torch.NewDisposeScope())
        using (var file = new SafetensorsFile(SharedFolder.PathOf("fixtures", "models", "llama-gqa-tied", "model.safetensors")))
        {
            Assert.True(weight.bytes.SequenceEqual(file.Read(Name).to(torch.bfloat16).bytes));
        }
    }

    [Fact]
    public void A_missing_weight_is_named_with_its_file_and_shape()
    {
        using var temporary = new TemporaryFolder();
        using var weights = Open(temporary);
        var exception = Assert.Throws<KpodException>(() => weights.Take("b", 4, 5));
        Assert.Equal($"{temporary.PathOf("model.safetensors")}: the weight 'b' is missing; the configuration asks for it with the shape [4, 5].", exception.Message);
    }

    [Fact]
    public void A_weight_of_another_shape_is_named_with_both_shapes()
    {
        using var temporary = new TemporaryFolder();
        using var weights = Open(temporary);
        var exception = Assert.Throws<KpodException>(() => weights.Take("a", 3, 2));
        Assert.Equal($"{temporary.PathOf("model.safetensors")}: the weight 'a' has the shape [2, 3], but the configuration asks for [3, 2].", exception.Message);
    }

    [Fact]
    public void Whole_numbers_are_no_weights()
    {
        using var temporary = new TemporaryFolder();
        using var weights = Open(temporary);
        Assert.Contains("'whole' holds Int64 numbers", Assert.Throws<KpodException>(() => weights.Take("whole", 2)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("model.pt")]
    public void A_folder_with_nothing_but_pickles_is_refused_with_a_reason(string name)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllBytes(temporary.PathOf(name), [0x80, 2]);
        foreach (var path in new[] { temporary.FullPath, temporary.PathOf(name) })
        {
            var exception = Assert.Throws<KpodException>(() => CheckpointWeights.OpenSafetensors(path, torch.ScalarType.Float32, torch.CPU));
            Assert.StartsWith($"{temporary.PathOf(name)}: is a PyTorch pickle, which can run any program", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_without_weights_says_what_it_lacks()
    {
        using var temporary = new TemporaryFolder();
        var exception = Assert.Throws<KpodException>(() => CheckpointWeights.OpenSafetensors(temporary.FullPath, torch.ScalarType.Float32, torch.CPU));
        Assert.Equal($"{temporary.FullPath}: holds neither model.safetensors nor model.safetensors.index.json, so there are no weights to load.", exception.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.PathOf("nothing.safetensors");
        Assert.StartsWith($"{path}: cannot be read", Assert.Throws<KpodException>(() => CheckpointWeights.OpenSafetensors(path, torch.ScalarType.Float32, torch.CPU)).Message, StringComparison.Ordinal);
    }

    private static CheckpointWeights Open(TemporaryFolder temporary)
    {
        using var scope = torch.NewDisposeScope();
        var path = temporary.PathOf("model.safetensors");
        SafetensorsWriter.Write(path, [KeyValuePair.Create("a", torch.ones(2, 3)), KeyValuePair.Create("whole", torch.ones(2, torch.int64))]);
        return CheckpointWeights.OpenSafetensors(path, torch.ScalarType.Float32, torch.CPU);
    }
}

using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Architectures;

public sealed class RandomWeightsTests
{
    [Fact]
    public void The_same_seed_draws_the_same_weights_in_any_order_and_another_seed_others()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        var first = new RandomWeights(model.Configuration, seed: 3);
        var second = new RandomWeights(model.Configuration, seed: 3);
        using var a = first.Take("model.layers.0.mlp.up_proj.weight", 64, 32);
        using var b = first.Take("model.layers.1.mlp.up_proj.weight", 64, 32);
        using var c = second.Take("model.layers.1.mlp.up_proj.weight", 64, 32);
        using var d = new RandomWeights(model.Configuration, seed: 4).Take("model.layers.1.mlp.up_proj.weight", 64, 32);
        Assert.True(b.bytes.SequenceEqual(c.bytes));
        Assert.False(a.bytes.SequenceEqual(b.bytes));
        Assert.False(d.bytes.SequenceEqual(b.bytes));
    }

    [Fact]
    public void Deviations_are_those_of_the_family()
    {
        using var scope = torch.NewDisposeScope();
        using var llama = TinyModel.Llama();
        using var t5 = TinyModel.T5();
        void Check(ILanguageModel model, string name, double deviation)
        {
            var weight = model.Weights.Single(pair => pair.Key == name).Value;
            Assert.Equal(1, weight.std().item<float>() / deviation, 0.15);
            Assert.True(Math.Abs(weight.mean().item<float>()) < deviation * 0.2);
        }

        Check(llama, "model.layers.1.mlp.down_proj.weight", 0.2);
        Check(t5, "shared.weight", 1);
        Check(t5, "lm_head.weight", 1 / Math.Sqrt(32));
        Check(t5, "encoder.block.0.layer.0.SelfAttention.q.weight", 1 / Math.Sqrt(32 * 8));
        Check(t5, "decoder.block.1.layer.1.EncDecAttention.o.weight", 1 / Math.Sqrt(4 * 8));
        Check(t5, "decoder.block.1.layer.2.DenseReluDense.wo.weight", 1 / Math.Sqrt(48));
        Assert.All(llama.Weights.Where(weight => weight.Key.Contains("norm", StringComparison.Ordinal)), weight => Assert.True(weight.Value.eq(1).all().item<bool>()));
    }

    [Fact]
    public void Weights_come_in_the_type_that_was_asked_for()
    {
        using var model = TinyModel.Llama(type: torch.ScalarType.BFloat16);
        Assert.All(model.Weights, weight => Assert.Equal(torch.ScalarType.BFloat16, weight.Value.dtype));
        Assert.Equal(torch.ScalarType.BFloat16, model.WeightType);
    }
}

using Kpod.Testing;
using Kpod.TokenWeighting;
using TorchSharp;

namespace Kpod.Tests.TokenWeighting;

public sealed class WeightGeneratorTests
{
    [Fact]
    public void It_starts_with_almost_nothing_masked()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new WeightGenerator(FirstAttention.Of(TinyModel.Llama()), seed: 5);
        var weights = generator.Logits(generator.Contextualise(torch.randn(4, 20, 32, device: TestDevice.Current), torch.ones(4, 20, device: TestDevice.Current))).sigmoid();
        Assert.Equal([4L, 20L], weights.shape);
        Assert.InRange(weights.mean().cpu().item<float>(), 0.8, 0.95);
        Assert.True(weights.min().cpu().item<float>() > 0.4);
    }

    [Fact]
    public void A_token_s_weight_is_the_sigmoid_of_the_perceptron_on_its_normed_state()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new WeightGenerator(FirstAttention.Of(TinyModel.Llama()), seed: 5);
        var state = torch.randn(1, 1, 32, device: TestDevice.Current);
        var parameters = generator.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.detach());
        var normed = state.view(32) / (state.square().mean() + 1e-5).sqrt();
        var inner = (torch.mv(parameters["perceptron.inner.weight"], normed) + parameters["perceptron.inner.bias"]).clamp(min: 0);
        var expected = torch.mv(parameters["perceptron.outer.weight"], inner) + parameters["perceptron.outer.bias"];
        Assert.Equal([256L, 32L], parameters["perceptron.inner.weight"].shape);
        TensorAssert.Close(expected, generator.Logits(state).view(1), 1e-5, "logit");
    }

    [Fact]
    public void The_same_seed_gives_the_same_generator_and_another_seed_another()
    {
        using var scope = torch.NewDisposeScope();
        float Logit(long seed)
        {
            using var generator = new WeightGenerator(FirstAttention.Of(TinyModel.Llama()), seed);
            return generator.Logits(torch.ones(1, 1, 32, device: TestDevice.Current)).cpu().item<float>();
        }

        Assert.Equal(Logit(5), Logit(5));
        Assert.NotEqual(Logit(5), Logit(6));
    }
}

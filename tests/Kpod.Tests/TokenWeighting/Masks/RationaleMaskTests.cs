using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;
using TorchSharp;

namespace Kpod.Tests.TokenWeighting.Masks;

public sealed class RationaleMaskTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_mean_of_hard_samples_is_the_weight_at_every_temperature(double temperature)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(7);
        const int Samples = 40_000;
        foreach (var weight in new[] { 0.05, 0.3, 0.5, 0.88 })
        {
            var logits = torch.full(1, Samples, (float)Math.Log(weight / (1 - weight)));
            var mask = RationaleMask.Sample(logits, torch.rand(1, Samples, generator: generator), temperature, MaskSampling.HardStraightThrough);
            var deviation = Math.Sqrt(weight * (1 - weight) / Samples);
            var mean = mask.to(torch.ScalarType.Float64).mean().item<double>();
            TestContext.Current.TestOutputHelper?.WriteLine($"w {weight}: {mean}, {(mean - weight) / deviation:0.0} standard deviations");
            Assert.InRange(mean, weight - (3 * deviation), weight + (3 * deviation));
        }
    }

    [Fact]
    public void A_soft_sample_is_the_binary_concrete_of_its_formula()
    {
        using var scope = torch.NewDisposeScope();
        var mask = RationaleMask.Sample(torch.tensor(new[,] { { 1.5f } }), torch.tensor(new[,] { { 0.2f } }), 0.7, MaskSampling.Soft);
        var expected = 1 / (1 + Math.Exp(-(1.5 + Math.Log(0.2) - Math.Log(0.8)) / 0.7));
        Assert.Equal(expected, mask.item<float>(), 1e-6);
    }

    [Fact]
    public void The_gradient_of_a_hard_sample_is_that_of_the_soft_one()
    {
        using var scope = torch.NewDisposeScope();
        var uniform = torch.tensor(new[,] { { 0.1f, 0.5f, 0.9f, 0.0f } });
        var factor = torch.tensor(new[,] { { 1f, -2f, 3f, 0.5f } });
        var gradients = new List<torch.Tensor>();
        foreach (var sampling in new[] { MaskSampling.Soft, MaskSampling.HardStraightThrough })
        {
            var logits = torch.tensor(new[,] { { -1f, 0.3f, 2f, 0f } }).requires_grad_(true);
            (RationaleMask.Sample(logits, uniform, 0.7, sampling) * factor).sum().backward();
            gradients.Add(logits.grad!);
        }

        Assert.True(torch.allclose(gradients[0], gradients[1], rtol: 0, atol: 0));
        Assert.True(gradients[0].abs().min().item<float>() >= 0);
        Assert.True(gradients[0].abs().max().item<float>() > 0.1);
    }

    [Fact]
    public void The_ends_of_the_uniform_range_give_finite_samples_and_gradients()
    {
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(new[,] { { 3f, -3f } }).requires_grad_(true);
        var mask = RationaleMask.Sample(logits, torch.tensor(new[,] { { 0f, 1f } }), 0.5, MaskSampling.Soft);
        mask.sum().backward();
        Assert.True(mask.isfinite().all().item<bool>());
        Assert.True(logits.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void A_masked_token_is_the_placeholder_and_its_gradient_the_difference()
    {
        using var scope = torch.NewDisposeScope();
        var embeddings = torch.tensor(new[,] { { 1f, 2f }, { 3f, 4f } }).unsqueeze(0);
        var placeholder = torch.tensor(new[] { 10f, 20f });
        var mask = torch.tensor(new[,] { { 0f, 0.25f } }).requires_grad_(true);
        var masked = RationaleMask.Apply(embeddings, mask, placeholder);
        Assert.Equal([10f, 20f, 8.25f, 16f], masked.data<float>().ToArray());
        masked.sum().backward();
        Assert.Equal([1 + 2 - 30f, 3 + 4 - 30f], mask.grad!.data<float>().ToArray());
        Assert.Equal([0f, 0f, 0.75f, 1f], RationaleMask.Apply(embeddings, mask, placeholder: null).data<float>().ToArray());
    }
}

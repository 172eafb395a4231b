using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Kernels;

public sealed class CausalAttentionTests
{
    private const double Scale = 0.3;

    // One token, one block, a block and a part of one, several; heads that share a key head; widths that fill no vector.
    [Theory]
    [InlineData(torch.ScalarType.Float32, 2, 1, 2, 2, 6, 2e-6)]
    [InlineData(torch.ScalarType.Float32, 1, 64, 6, 2, 16, 2e-6)]
    [InlineData(torch.ScalarType.Float32, 2, 77, 3, 1, 10, 2e-6)]
    [InlineData(torch.ScalarType.Float32, 1, 200, 4, 4, 64, 2e-6)]
    [InlineData(torch.ScalarType.BFloat16, 2, 77, 3, 1, 10, 2e-2)]
    [InlineData(torch.ScalarType.BFloat16, 2, 130, 6, 2, 64, 2e-2)]
    public void Value_and_gradients_are_those_of_the_formula(torch.ScalarType type, long batch, long tokens, long heads, long shared, long width, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        torch.Tensor[] given = [Random(heads), Random(shared), Random(shared)];
        var (cosine, sine) = Angles(batch, tokens, width, type);
        var direction = torch.randn(batch, tokens, heads * width).to(type);
        var attended = CausalAttention.Apply(given[0], given[1], given[2], cosine, sine, Scale);
        Assert.Equal(type, attended.dtype);
        attended.backward([direction]);

        var wide = torch.ScalarType.Float64;
        torch.Tensor[] exact = [.. given.Select(tensor => tensor.detach().to(wide).requires_grad_(true))];
        var expected = Plain(exact, cosine.to(wide), sine.to(wide));
        expected.backward([direction.to(wide)]);
        TensorAssert.Close(expected, attended, tolerance, "attended");
        foreach (var (name, ours, theirs) in new[] { "query", "key", "value" }.Zip(given, exact))
        {
            TensorAssert.Close(theirs.grad!, ours.grad!, tolerance, $"gradient of the {name}");
        }

        torch.Tensor Random(long count) => torch.randn(batch, tokens, count, width).to(type).requires_grad_(true);
    }

    [Fact]
    public void Without_a_gradient_the_same_numbers_come_out_and_nothing_is_left_behind()
    {
        using var outer = torch.NewDisposeScope();
        var (cosine, sine) = Angles(1, 70, 8, torch.ScalarType.BFloat16);
        var (query, key) = (torch.randn(1, 70, 4, 8).to(torch.ScalarType.BFloat16).requires_grad_(true), torch.randn(1, 70, 2, 8).to(torch.ScalarType.BFloat16));
        var recorded = CausalAttention.Apply(query, key, key, cosine, sine, Scale);
        using (torch.no_grad())
        {
            Assert.True(recorded.eq(CausalAttention.Apply(query, key, key, cosine, sine, Scale)).all().item<bool>());
        }

        LeakCheck.IsFlat(() =>
        {
            using var scope = torch.NewDisposeScope();
            CausalAttention.Apply(query, key, key, cosine, sine, Scale).sum().backward();
        });
    }

    [Fact]
    public void An_empty_batch_is_served_and_shapes_that_do_not_fit_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (cosine, sine) = Angles(1, 5, 8, torch.ScalarType.Float32);
        var (query, key) = (torch.randn(0, 5, 4, 8), torch.randn(0, 5, 2, 8));
        Assert.Equal([0, 5, 32], CausalAttention.Apply(query, key, key, cosine, sine, Scale).shape);
        Assert.Throws<ArgumentException>(() => CausalAttention.Apply(query, torch.randn(0, 4, 2, 8), key, cosine, sine, Scale));
        Assert.Throws<ArgumentException>(() => CausalAttention.Apply(query, torch.randn(0, 5, 3, 8), torch.randn(0, 5, 3, 8), cosine, sine, Scale));
        Assert.Throws<ArgumentException>(() => CausalAttention.Apply(query, key, key, cosine.narrow(2, 0, 4), sine, Scale));
    }

    // Another place for each text, as left padding gives.
    private static (torch.Tensor Cosine, torch.Tensor SignedSine) Angles(long batch, long tokens, long width, torch.ScalarType type)
    {
        var positions = torch.arange(tokens, dtype: torch.ScalarType.Float32).unsqueeze(0) + torch.arange(batch, dtype: torch.ScalarType.Float32).unsqueeze(1);
        var angles = positions.unsqueeze(1).unsqueeze(-1).mul(torch.linspace(1, 0.01, width / 2, dtype: torch.ScalarType.Float32));
        var (cosine, sine) = (angles.cos(), angles.sin());
        return (torch.cat([cosine, cosine], -1).to(type), torch.cat([sine.neg(), sine], -1).to(type));
    }

    private static torch.Tensor Plain(torch.Tensor[] given, torch.Tensor cosine, torch.Tensor sine)
    {
        var (query, key, value) = (Turned(given[0].transpose(1, 2)), Turned(given[1].transpose(1, 2)), given[2].transpose(1, 2));
        var (group, tokens) = (query.shape[1] / key.shape[1], query.shape[2]);
        (key, value) = (key.repeat_interleave(group, 1), value.repeat_interleave(group, 1));
        var hidden = torch.full(tokens, tokens, double.NegativeInfinity, dtype: torch.ScalarType.Float64).triu(1);
        var weights = (query.matmul(key.transpose(-1, -2)) * Scale + hidden).softmax(-1);
        return weights.matmul(value).transpose(1, 2).reshape(query.shape[0], tokens, -1);

        torch.Tensor Turned(torch.Tensor x) => (x * cosine) + (x.roll(x.shape[^1] / 2, -1) * sine);
    }
}

using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Native;

public sealed class LibTorchTests
{
    [Fact]
    public void Torch_loads_and_computes_on_this_machine()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Equal(10, torch.tensor(new[] { 1f, 2f, 3f, 4f }).sum().item<float>());
    }

    [Fact]
    public void The_root_mean_square_norm_is_the_formula()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(new[] { 1f, 2f, -3f, 4f, 0.5f, -0.25f }).view(2, 3);
        var weight = torch.tensor(new[] { 1f, 2f, 0.5f });
        var expected = x / torch.sqrt(x.pow(2).mean([-1], keepdim: true) + 1e-5) * weight;
        Assert.True(torch.allclose(expected, AtenOperator.RmsNorm(x, weight, 1e-5), rtol: 1e-6));
    }

    [Fact]
    public void Attention_shares_key_and_value_heads_and_lets_gradients_through()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        var query = torch.randn(2, 4, 5, 8).requires_grad_(true);
        var key = torch.randn(2, 2, 5, 8);
        var value = torch.randn(2, 2, 5, 8);
        var attended = AtenOperator.Attention(query, key, value, mask: null, causal: true, scale: 0.5);
        var scores = (torch.matmul(query, key.repeat_interleave(2, 1).transpose(-1, -2)) * 0.5)
            + torch.full(5, 5, float.NegativeInfinity).triu(1);
        var expected = torch.matmul(scores.softmax(-1), value.repeat_interleave(2, 1));
        Assert.True(torch.allclose(expected, attended, rtol: 1e-5, atol: 1e-6));
        attended.sum().backward();
        Assert.True(query.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void The_tanh_gelu_is_the_formula()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.linspace(-3, 3, 13);
        var expected = 0.5 * x * (1 + torch.tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x.pow(3)))));
        Assert.True(torch.allclose(expected, AtenOperator.GeluTanh(x), rtol: 1e-5, atol: 1e-6));
    }
}

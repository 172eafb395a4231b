using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Kernels;

public sealed class RmsNormTests
{
    private const double Epsilon = 1e-3; // large, so that leaving it out shows

    [Theory]
    [InlineData(torch.ScalarType.Float32, 5, 8, 1e-6)]
    [InlineData(torch.ScalarType.Float32, 35, 37, 1e-6)]
    [InlineData(torch.ScalarType.Float32, 64, 576, 1e-6)]
    [InlineData(torch.ScalarType.BFloat16, 5, 8, 4e-3)]
    [InlineData(torch.ScalarType.BFloat16, 35, 37, 4e-3)]
    [InlineData(torch.ScalarType.BFloat16, 64, 576, 4e-3)]
    public void Value_and_gradients_are_those_of_the_formula(torch.ScalarType type, long tokens, long width, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        var x = torch.randn(3, tokens, width).to(type).requires_grad_(true);
        var weight = (torch.randn(width) + 1).to(type).requires_grad_(true);
        var direction = torch.randn(3, tokens, width).to(type);
        var y = RmsNorm.Apply(x, weight, Epsilon);
        Assert.Equal(type, y.dtype);
        y.backward([direction]);

        var exactX = x.detach().to(torch.ScalarType.Float64).requires_grad_(true);
        var exactWeight = weight.detach().to(torch.ScalarType.Float64).requires_grad_(true);
        var exact = exactX / torch.sqrt(exactX.square().mean([-1], keepdim: true) + Epsilon) * exactWeight;
        exact.backward([direction.to(torch.ScalarType.Float64)]);
        TensorAssert.Close(exact, y, tolerance, $"{type} value");
        TensorAssert.Close(exactX.grad!, x.grad!, tolerance, $"{type} gradient of x");
        TensorAssert.Close(exactWeight.grad!, weight.grad!, tolerance, $"{type} gradient of the weight");
    }

    // As Qwen3's norms of queries and keys get theirs.
    [Fact]
    public void The_order_of_the_data_in_memory_changes_nothing()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        var (data, direction) = (torch.randn(3, 5, 8), torch.randn(3, 5, 8));
        var gradients = new List<(torch.Tensor Input, torch.Tensor Weight)>();
        foreach (var turned in new[] { false, true })
        {
            var x = data.clone().requires_grad_(true);
            var weight = torch.ones(8).requires_grad_(true);
            var y = RmsNorm.Apply(turned ? x.transpose(0, 1) : x, weight, Epsilon);
            (turned ? y.transpose(0, 1) : y).mul(direction).sum().backward();
            gradients.Add((x.grad!, weight.grad!));
        }

        TensorAssert.Close(gradients[0].Input, gradients[1].Input, 1e-6, "gradient of x");
        TensorAssert.Close(gradients[0].Weight, gradients[1].Weight, 1e-6, "gradient of the weight");
    }

    [Fact]
    public void Other_layouts_and_no_rows_at_all_are_served()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.randn(6);
        var turned = torch.randn(3, 6, 4).transpose(1, 2);
        TensorAssert.Close(RmsNorm.Apply(turned.contiguous(), weight, Epsilon), RmsNorm.Apply(turned, weight, Epsilon), 0, "transposed");
        Assert.Equal([0, 6], RmsNorm.Apply(torch.ones(0, 6), weight, Epsilon).shape);
        var none = torch.ones(0, 6).requires_grad_(true);
        var trained = weight.clone().requires_grad_(true);
        RmsNorm.Apply(none, trained, Epsilon).sum().backward();
        Assert.Equal(0, trained.grad!.abs().sum().item<float>());
        Assert.ThrowsAny<Exception>(() => RmsNorm.Apply(torch.ones(2, 5), weight, Epsilon));
    }

    [Fact]
    public void A_frozen_weight_gets_no_gradient_and_a_frozen_input_does_not_hinder_the_weight()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.randn(2, 4).requires_grad_(true);
        var weight = torch.ones(4);
        RmsNorm.Apply(x, weight, Epsilon).sum().backward();
        Assert.NotNull(x.grad);
        Assert.Null(weight.grad);
        var trained = torch.ones(4).requires_grad_(true);
        RmsNorm.Apply(torch.randn(2, 4), trained, Epsilon).sum().backward();
        Assert.NotNull(trained.grad);
    }

    [Fact]
    public void Nothing_is_recorded_or_left_behind()
    {
        using var outer = torch.NewDisposeScope();
        var x = torch.randn(2, 4).requires_grad_(true);
        var weight = torch.ones(4);
        using (torch.no_grad())
        {
            Assert.False(RmsNorm.Apply(x, weight, Epsilon).requires_grad);
        }

        LeakCheck.IsFlat(() =>
        {
            using var scope = torch.NewDisposeScope();
            RmsNorm.Apply(x, weight, Epsilon).sum().backward();
        });
    }
}

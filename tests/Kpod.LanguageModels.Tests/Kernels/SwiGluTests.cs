using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Testing;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.Tests.Kernels;

public sealed class SwiGluTests
{
    [Theory]
    [InlineData(torch.ScalarType.Float32, 1, 1e-6)]
    [InlineData(torch.ScalarType.Float32, 37, 1e-6)]
    [InlineData(torch.ScalarType.Float32, 3000, 1e-6)]
    [InlineData(torch.ScalarType.BFloat16, 37, 4e-3)]
    [InlineData(torch.ScalarType.BFloat16, 3000, 4e-3)]
    public void Value_and_gradients_are_those_of_the_formula(torch.ScalarType type, long width, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var gate = (torch.randn(5, width) * 4).to(type).requires_grad_(true);
        var up = torch.randn(5, width).to(type).requires_grad_(true);
        var direction = torch.randn(5, width).to(type);
        var y = SwiGlu.Apply(gate, up);
        Assert.Equal(type, y.dtype);
        y.backward([direction]);

        var wide = torch.ScalarType.Float64;
        var (exactGate, exactUp) = (gate.detach().to(wide).requires_grad_(true), up.detach().to(wide).requires_grad_(true));
        var exact = exactGate * exactGate.sigmoid() * exactUp;
        exact.backward([direction.to(wide)]);
        TensorAssert.Close(exact, y, tolerance, $"{type} value");
        TensorAssert.Close(exactGate.grad!, gate.grad!, tolerance, $"{type} gradient of the gate");
        TensorAssert.Close(exactUp.grad!, up.grad!, tolerance, $"{type} gradient of the other side");
    }

    [Fact]
    public void Bfloat16_is_nearer_to_the_formula_than_two_operators_of_libtorch()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        var (gate, up) = (torch.randn(64, 100).to(torch.ScalarType.BFloat16), torch.randn(64, 100).to(torch.ScalarType.BFloat16));
        var (wideGate, wideUp) = (gate.to(torch.ScalarType.Float64), up.to(torch.ScalarType.Float64));
        var exact = wideGate * wideGate.sigmoid() * wideUp;
        Assert.True(Error(SwiGlu.Apply(gate, up)) < 0.8 * Error(functional.silu(gate).mul(up)));

        double Error(torch.Tensor y) => (y.to(torch.ScalarType.Float64) - exact).square().sum().item<double>();
    }

    [Fact]
    public void Large_and_broken_numbers_come_out_as_from_the_formula()
    {
        using var scope = torch.NewDisposeScope();
        var gate = torch.tensor(new[] { -1000f, -90f, 90f, 1000f, float.NaN, 0f });
        Assert.Equal([0f, 0f, 90f, 1000f], SwiGlu.Apply(gate, torch.ones(6)).data<float>().ToArray()[..4], (left, right) => Math.Abs(left - right) < 1e-30);
        Assert.True(float.IsNaN(SwiGlu.Apply(gate, torch.ones(6))[4].item<float>()));
        Assert.Equal([0, 3], SwiGlu.Apply(torch.ones(0, 3), torch.ones(0, 3)).shape);
    }

    [Fact]
    public void What_does_not_lie_in_a_row_is_read_in_its_order_and_nothing_is_left_behind()
    {
        using var outer = torch.NewDisposeScope();
        var together = torch.randn(3, 10);
        var (gate, up) = (together.narrow(1, 0, 5), together.narrow(1, 5, 5));
        TensorAssert.Close(functional.silu(gate).mul(up), SwiGlu.Apply(gate, up), 1e-6, "views");
        var trained = torch.randn(3, 5).requires_grad_(true);
        LeakCheck.IsFlat(() =>
        {
            using var scope = torch.NewDisposeScope();
            SwiGlu.Apply(trained, up).sum().backward();
        });
    }
}

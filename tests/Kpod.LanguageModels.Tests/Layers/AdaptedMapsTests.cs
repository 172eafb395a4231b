using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Layers;

public sealed class AdaptedMapsTests
{
    private const int Inputs = 12;

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(0.5, true)]
    [InlineData(2.0, false)]
    public void Results_and_gradients_are_those_of_the_maps_one_by_one(double scaling, bool inputIsTrained)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);

        // Three maps of one input, as query, key and value are; the second is not adapted, the third has a bias.
        Linear[] maps = [Map(8, scaling), Map(4, scaling: null), Map(6, scaling, bias: torch.randn(6, device: TestDevice.Current))];
        Assert.True(AdaptedMaps.Serve(maps));
        torch.Tensor[] directions = [.. maps.Select(map => torch.randn(2, 5, map.Outputs, device: TestDevice.Current))];
        var x = torch.randn(2, 5, Inputs, device: TestDevice.Current).requires_grad_(inputIsTrained);

        var together = Run(() => AdaptedMaps.Apply(maps, x));
        var single = Run(() => Array.ConvertAll(maps, map => map.Forward(x)));
        Assert.Equal(inputIsTrained ? 8 : 7, together.Count);
        foreach (var (ours, theirs) in together.Zip(single))
        {
            Assert.Equal(0, (ours - theirs).abs().max().cpu().item<float>() / theirs.abs().max().cpu().item<float>(), 1e-6);
        }

        // Results, then the gradients of the factors, then that of x.
        List<torch.Tensor> Run(Func<torch.Tensor[]> apply)
        {
            torch.Tensor[] trained = [.. maps.Where(map => map.Lora is not null).SelectMany(map => new[] { map.Lora!.A, map.Lora.B }), .. inputIsTrained ? new[] { x } : []];
            foreach (var tensor in trained)
            {
                tensor.grad?.zero_();
            }

            var results = apply();
            results.Zip(directions, (result, direction) => result.mul(direction).sum()).Aggregate((sum, next) => sum + next).backward();
            return [.. results, .. trained.Select(tensor => tensor.grad!.clone())];
        }
    }

    [Fact]
    public void A_trained_weight_or_bias_and_maps_without_an_adapter_are_left_to_libtorch()
    {
        using var scope = torch.NewDisposeScope();
        Assert.False(AdaptedMaps.Serve([Map(4, scaling: null)]));
        var weight = Map(4, scaling: 1);
        weight.Weight.requires_grad_(true);
        Assert.False(AdaptedMaps.Serve([Map(4, scaling: 1), weight]));
        Assert.False(AdaptedMaps.Serve([Map(4, scaling: 1, bias: torch.zeros(4, requires_grad: true))]));
    }

    [Fact]
    public void A_result_on_which_nothing_depends_changes_nothing()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        Linear[] maps = [Map(3, scaling: 1), Map(5, scaling: 1)];
        var x = torch.randn(4, Inputs, device: TestDevice.Current).requires_grad_(true);
        AdaptedMaps.Apply(maps, x)[1].sum().backward();
        var both = x.grad!.clone();
        x.grad!.zero_();
        maps[1].Forward(x).sum().backward();
        Assert.Equal(0, (both - x.grad).abs().max().cpu().item<float>(), 1e-5);
        Assert.True(maps[0].Lora!.B.grad is not { } gradient || gradient.abs().max().cpu().item<float>() == 0);
    }

    private static Linear Map(int outputs, double? scaling, torch.Tensor? bias = null)
    {
        var map = new Linear($"map{outputs}", torch.randn(outputs, Inputs, device: TestDevice.Current), bias);
        if (scaling is { } factor)
        {
            map.Lora = new LoraPair(
                torch.randn(2, Inputs, device: TestDevice.Current).requires_grad_(true), torch.randn(outputs, 2, device: TestDevice.Current).requires_grad_(true), factor);
        }

        return map;
    }
}

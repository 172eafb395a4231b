using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Training;

public sealed class AdamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    public void Five_steps_are_those_of_torch(double weightDecay)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var start = torch.randn(4, 3);
        var ours = start.clone().requires_grad_(true);
        var theirs = new TorchSharp.Modules.Parameter(start.clone());
        var options = new OptimizerOptions { LearningRate = 1e-2, WeightDecay = weightDecay };
        using var adam = new Adam([new NamedParameter("weight", ours)], options);
        using torch.optim.Optimizer reference = weightDecay > 0
            ? torch.optim.AdamW([theirs], lr: 1e-2, weight_decay: weightDecay)
            : torch.optim.Adam([theirs], lr: 1e-2);
        for (var step = 0; step < 5; step++)
        {
            var target = torch.randn(4, 3);
            (ours - target).pow(2).sum().backward();
            adam.Step(1e-2, gradientScale: 1);
            reference.zero_grad();
            (theirs - target).pow(2).sum().backward();
            reference.step();
        }

        Assert.True((ours - theirs).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void A_rate_factor_multiplies_the_rate_of_its_parameter_alone()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        var start = torch.randn(5);
        var (together, apart, other) = (start.clone().requires_grad_(true), start.clone().requires_grad_(true), start.clone().requires_grad_(true));
        var options = new OptimizerOptions { WeightDecay = 0.1 };
        using var factored = new Adam([new NamedParameter("a", together) { RateFactor = 30 }, new NamedParameter("b", other)], options);
        using var plain = new Adam([new NamedParameter("a", apart)], options);
        using var slow = new Adam([new NamedParameter("b", start.requires_grad_(true))], options);
        for (var step = 0; step < 3; step++)
        {
            (together.pow(2).sum() + apart.pow(2).sum() + other.pow(2).sum() + start.pow(2).sum()).backward();
            factored.Step(1e-3, gradientScale: 1);
            plain.Step(30e-3, gradientScale: 1);
            slow.Step(1e-3, gradientScale: 1);
        }

        Assert.True((together - apart).abs().max().item<float>() < 1e-6);
        Assert.True((other - start).abs().max().item<float>() < 1e-6);
        Assert.True((together - other).abs().min().item<float>() > 1e-2);
    }

    [Fact]
    public void A_restored_state_goes_on_to_the_same_bytes()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var start = torch.randn(8);
        var targets = Enumerable.Range(0, 6).Select(_ => torch.randn(8)).ToArray();
        torch.Tensor Run(int restartAt)
        {
            var value = start.clone().requires_grad_(true);
            var adam = new Adam([new NamedParameter("w", value)], new OptimizerOptions());
            for (var step = 0; step < targets.Length; step++)
            {
                if (step == restartAt)
                {
                    var saved = adam.State().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
                    var steps = adam.StepCount;
                    value = torch.zeros(8).requires_grad_(true);
                    adam = new Adam([new NamedParameter("w", value)], new OptimizerOptions());
                    adam.Restore(steps, (name, _) => saved[name].clone());
                }

                (value - targets[step]).pow(2).sum().backward();
                adam.Step(1e-2, 1);
            }

            return value.detach();
        }

        Assert.Equal(Run(-1).data<float>().ToArray(), Run(3).data<float>().ToArray());
    }
}

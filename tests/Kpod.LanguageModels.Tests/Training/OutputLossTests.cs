using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.Tests.Training;

public sealed class OutputLossTests
{
    // More than two parts of rows.
    private const int Rows = 600;

    public static TheoryData<string, torch.ScalarType, double> Models => new()
    {
        { "llama", torch.ScalarType.Float32, 1e-6 }, { "t5", torch.ScalarType.Float32, 1e-6 }, { "llama", torch.ScalarType.BFloat16, 2e-2 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Losses_and_gradients_are_those_of_all_logits_at_once(string family, torch.ScalarType type, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        using ILanguageModel model = family == "llama" ? TinyModel.Llama(type: type) : TinyModel.T5(type: type);
        var (states, targets, weights) = Draw(model, type);
        var (ours, gradient) = Weighted(() => OutputLoss.Of(model, states, targets));
        var (theirs, expected) = Weighted(() => functional.cross_entropy(model.Logits(states), targets, reduction: Reduction.None));
        AssertClose(theirs, ours, 1e-6);
        AssertClose(expected, gradient, tolerance);

        // Without gradients the same numbers.
        using (torch.no_grad())
        {
            AssertClose(theirs, OutputLoss.Of(model, states, targets), 1e-6);
        }

        (torch.Tensor Losses, torch.Tensor Gradient) Weighted(Func<torch.Tensor> losses)
        {
            states.grad?.zero_();
            var each = losses();
            each.mul(weights).sum().backward();
            return (each.detach(), states.grad!.clone());
        }
    }

    [Fact]
    public void A_trained_output_layer_gets_its_gradient()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        var (states, targets, _) = Draw(model, torch.ScalarType.Float32);
        var weight = model.Weights[0].Value.requires_grad_(true);
        OutputLoss.Of(model, states, targets).sum().backward();
        var gradient = weight.grad!.clone();
        weight.grad!.zero_();
        functional.cross_entropy(model.Logits(states), targets, reduction: Reduction.Sum).backward();
        AssertClose(weight.grad!, gradient, 1e-6);
    }

    private static (torch.Tensor States, torch.Tensor Targets, torch.Tensor Weights) Draw(ILanguageModel model, torch.ScalarType type)
    {
        torch.manual_seed(1);
        var states = torch.randn(Rows, model.HiddenSize).to(type).to(TestDevice.Current).requires_grad_(true);
        return (states, torch.randint(0, model.VocabularySize, Rows).to(TestDevice.Current), torch.rand(Rows).to(TestDevice.Current));
    }

    private static void AssertClose(torch.Tensor expected, torch.Tensor actual, double tolerance)
    {
        var (left, right) = (expected.to(torch.ScalarType.Float32), actual.to(torch.ScalarType.Float32));
        var difference = (left - right).abs().max().cpu().item<float>() / left.abs().max().cpu().item<float>();
        Assert.True(difference <= tolerance, $"largest difference {difference:E1}, at most {tolerance:E1}");
    }
}

using Kpod.LanguageModels.Kernels;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.Tests.Kernels;

public sealed class CrossEntropyRowsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 37)]
    [InlineData(5, 5003)]
    [InlineData(0, 9)]
    public void Losses_and_gradients_are_those_of_the_formula(long rows, long vocabulary)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(7);
        var logits = torch.randn(rows, vocabulary) * 10;
        var targets = torch.randint(0, vocabulary, rows);
        var exact = logits.to(torch.ScalarType.Float64).requires_grad_(true);
        var expected = functional.cross_entropy(exact, targets, reduction: Reduction.None);
        expected.sum().backward();
        var losses = CrossEntropyRows.Replace(logits, targets);
        Assert.Equal(expected.shape, losses.shape);
        Assert.True(rows == 0 || (losses - expected).abs().max().item<double>() <= 1e-5);
        Assert.True(rows == 0 || (logits - exact.grad!).abs().max().item<double>() <= 1e-6);
    }

    [Fact]
    public void Large_logits_do_not_overflow_and_a_broken_one_shows()
    {
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(new[,] { { 3e38f, -3e38f, 0f }, { float.NaN, 1f, 2f } });
        var losses = CrossEntropyRows.Replace(logits, torch.tensor(new[] { 0L, 1L }));
        Assert.Equal(0, losses[0].item<float>());
        Assert.Equal([0f, 0f, 0f], logits[0].data<float>().ToArray());
        Assert.True(float.IsNaN(losses[1].item<float>()));
    }

    [Fact]
    public void A_target_outside_the_vocabulary_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        var message = Assert.Throws<ArgumentException>(() => CrossEntropyRows.Replace(torch.zeros(1, 4), torch.tensor(new[] { 4L }))).Message;
        Assert.StartsWith("1 rows need as many targets, each below 4.", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CrossEntropyRows.Replace(torch.zeros(2, 4), torch.tensor(new[] { -1L, 0L })));
    }
}

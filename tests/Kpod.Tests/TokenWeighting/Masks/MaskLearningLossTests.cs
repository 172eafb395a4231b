using Kpod.LanguageModels.Testing;
using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Predictors;
using TorchSharp;

namespace Kpod.Tests.TokenWeighting.Masks;

public sealed class MaskLearningLossTests
{
    [Fact]
    public void The_mean_form_is_Eq_7_over_the_number_of_tokens_when_every_prefix_counts()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        using var predictor = new StudentPredictor(PlantedRationales.Checkpoint(model), rank: 2, seed: 1);
        var rationale = PlantedRationales.Make(1, seed: 3)[0];
        var tokens = rationale.RationaleTokens.Length;
        var mask = torch.linspace(0.05, 0.95, tokens, device: TestDevice.Current).unsqueeze(0);
        var masked = RationaleMask.Apply(predictor.Embed([rationale]), mask, predictor.Placeholder);
        var prefixes = RationalePrefixes.Draw(PrefixSet.AllTokens, tokens, 4, stepEnds: null, new Random(1));

        // Eq. 5 and Eq. 6 as they are written, one prefix at a time.
        const double Alpha = 0.5;
        var answerLoss = prefixes.Sum(prefix => (double)predictor.NegativeLogLikelihoods([rationale], masked, [[prefix]]).cpu().item<float>());
        var ratioLoss = mask.to(torch.ScalarType.Float64).sum().cpu().item<double>();
        var literal = (answerLoss + (Alpha * ratioLoss)) / tokens;

        var losses = predictor.NegativeLogLikelihoods([rationale], masked, [prefixes]);
        var mean = MaskLearningLoss.Answer(losses, [tokens]).cpu().item<float>() + (Alpha * MaskLearningLoss.TokenMean(mask, torch.ones_like(mask)).cpu().item<float>());
        TestContext.Current.TestOutputHelper?.WriteLine($"{literal} {mean}, relative difference {Math.Abs(mean - literal) / literal:E1}");
        Assert.Equal(1, mean / literal, 1e-6);
    }

    [Fact]
    public void Rationales_count_alike_however_many_prefixes_and_tokens_they_have()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Equal(((1 + 3) / 2.0 + 10) / 2, MaskLearningLoss.Answer(torch.tensor(new[] { 1f, 3f, 10f }), [2, 1]).item<float>(), 1e-6);
        var mask = torch.tensor(new[,] { { 1f, 1f, 1f }, { 1f, 0f, 0f } });
        var values = torch.tensor(new[,] { { 0.3f, 0.6f, 0.9f }, { 0.2f, 7f, 7f } });
        Assert.Equal((0.6 + 0.2) / 2, MaskLearningLoss.TokenMean(values, mask).item<float>(), 1e-6);
        Assert.Throws<ArgumentException>(() => MaskLearningLoss.Answer(torch.zeros(4), [2, 1]));
    }

    [Fact]
    public void The_bound_costs_nothing_inside_and_grows_outside()
    {
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(new[,] { { -6f, 3.9f, 5f, 100f } });
        var mask = torch.tensor(new[,] { { 1f, 1f, 1f, 0f } });
        Assert.Equal(0.05 * (4 + 0 + 1) / 3, MaskLearningLoss.LogitBound(logits, mask, bound: 4, penalty: 0.05).item<float>(), 1e-6);
    }

    [Theory]
    [InlineData(null, 0.8)]
    [InlineData(0.0, 0.8 * 0.45)]
    [InlineData(0.4, 0.8 * 0.05 / 0.6)]
    [InlineData(0.46, 0)]
    public void The_price_falls_to_0_at_the_keep_rate_that_is_free(double? freeKeepRate, double expected)
    {
        // w of 0.2 and 0.6 in one rationale, 0.5 in the other: mean (0.4 + 0.5) / 2.
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(new[,] { { 0.2, 0.6 }, { 0.5, 0.99 } }).logit().to(torch.ScalarType.Float32);
        var mask = torch.tensor(new[,] { { 1f, 1f }, { 1f, 0f } });
        Assert.Equal(expected, MaskLearningLoss.Price(logits, mask, alpha: 0.8, freeKeepRate), 1e-6);
    }
}

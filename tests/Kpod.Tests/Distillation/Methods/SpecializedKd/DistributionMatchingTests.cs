using Kpod.Distillation.Methods.SpecializedKd;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.Tests.Distillation.Methods.SpecializedKd;

public sealed class DistributionMatchingTests
{
    // By hand: q = 1/4 each. Mass 0.75 is not made 1: 0.5 ln 2 + 0.25 ln 1 = 0.34657; the second position 1 · ln 4.
    [Fact]
    public void The_teachers_mass_is_not_normalised()
    {
        using var scope = torch.NewDisposeScope();
        var divergences = DistributionMatching.Divergences(torch.zeros(2, 4, dtype: torch.float64), [new TeacherDistribution([1, 3], [0.5, 0.25]), TeacherDistribution.OneHot(2)]);
        Assert.Equal(0.5 * Math.Log(2), divergences[0].item<double>(), 1e-8);
        Assert.Equal(Math.Log(4), divergences[1].item<double>(), 1e-8);
    }

    [Fact]
    public void All_on_the_label_it_is_the_cross_entropy()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.T5();
        int[] response = [10, 11, 2];
        var distribution = DistributionMatching.Of(model, [new DistributionExample([5, 1], response, [.. response.Select(TeacherDistribution.OneHot)])]);
        var batch = new LanguageModels.TeacherForcedBatch([[5, 1]], [response], [[true, true, true]]);
        var plain = LanguageModels.Training.TokenLoss.NegativeLogLikelihoods(model, batch).sum().cpu().item<float>();
        Assert.Equal(plain, distribution.Sums()[0].cpu().item<float>(), 1e-4f);
        Assert.Equal(3, distribution.Means[0].Normaliser);
    }

    [Fact]
    public void A_response_needs_a_distribution_for_each_token()
    {
        using var model = TinyModel.Llama();
        Assert.Throws<ArgumentException>(() => DistributionMatching.Of(model, [new DistributionExample([5], [10, 2], [TeacherDistribution.OneHot(10)])]));
    }
}

using Kpod.Distillation.Methods.PlainCot;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.Tests.Distillation.Visits;

public sealed class DistillationLossTests
{
    [Fact]
    public void With_weights_of_1_and_no_given_steps_it_is_plain_distillation()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        var item = Items.Make("q", 0, [10, 11, 12, 13], [2, 4], weights: [1, 1, 1, 1]);
        var kpod = DistillationLoss.Of(model, [DistillationExample.Make(item, item.TokenWeights, 0)]);
        var plain = DistillationLoss.Of(model, [new PlainCotMethod().Visit(item, 1)]);
        Assert.Equal(plain.Sum.cpu().item<float>(), kpod.Sum.cpu().item<float>());
        Assert.Equal(plain.Normaliser, kpod.Normaliser);
    }

    [Fact]
    public void Doubling_one_weight_adds_that_tokens_gradient_times_its_weight()
    {
        using var model = TinyModel.Llama();
        var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 2 }, seed: 1);
        RandomiseB(adapter);
        double[] weights = [0.3, 0.7, 0.2, 0.9];
        var item = Items.Make("q", 0, [10, 11, 12, 13], [2, 4], weights);
        double[] onlySecond = [0, 0.7, 0, 0];
        double[] doubled = [0.3, 1.4, 0.2, 0.9];
        var before = Gradient(model, adapter, DistillationExample.Make(item, weights, 0));
        var after = Gradient(model, adapter, DistillationExample.Make(item, doubled, 0));
        var token = DistillationExample.Make(item, onlySecond, 0) with { };
        token = token with { Weights = [0, 0.7f, 0, 0, 0, 0, 0] };
        var single = Gradient(model, adapter, token);
        var scale = single.Max(Math.Abs);
        for (var index = 0; index < before.Length; index++)
        {
            Assert.Equal(single[index], after[index] - before[index], 2e-5f * scale);
        }
    }

    private static void RandomiseB(LoraAdapter adapter)
    {
        using var noGradient = torch.no_grad();
        torch.manual_seed(9);
        foreach (var parameter in adapter.Parameters)
        {
            parameter.Value.normal_(0, 0.3);
        }
    }

    private static float[] Gradient(ILanguageModel model, LoraAdapter adapter, DistillationExample example)
    {
        using var scope = torch.NewDisposeScope();
        DistillationLoss.Of(model, [example]).Sum.backward();
        var gradient = adapter.Parameters.SelectMany(parameter => parameter.Value.grad!.cpu().data<float>().ToArray()).ToArray();
        foreach (var parameter in adapter.Parameters)
        {
            parameter.Value.grad!.zero_();
        }

        return gradient;
    }
}

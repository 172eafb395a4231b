using Kpod.Distillation.Methods.MccKd;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Tests.Distillation.Methods.MccKd;

public sealed class MccKdLossTests
{
    // Answers [91] in common, but for the third pair: 91 and 92.
    private static readonly ResponsePair[] Pairs = [Pair([10, 11, 12], [13]), Pair([14], [15, 16]), Pair([17, 18], [19, 20]) with { Second = [19, 20, 90, 92, 2] }, Pair([21, 22, 23, 24], [25, 26, 27])];

    [Fact]
    public void Equal_predictions_have_no_divergence_and_exchanged_ones_the_same()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        var (p, q) = (torch.randn(4, 9, dtype: torch.float64), torch.randn(4, 9, dtype: torch.float64));
        Assert.Equal(0, BidirectionalDivergence.Of(p, p, 1).Sum([4]).item<double>(), 1e-12);
        var (there, back) = (BidirectionalDivergence.Of(p, q, 1.3), BidirectionalDivergence.Of(q, p, 1.3));
        Assert.Equal(there.FirstToSecond.data<double>().ToArray(), back.SecondToFirst.data<double>().ToArray());
        Assert.Equal(there.Sum([1, 3]).item<double>(), back.Sum([1, 3]).item<double>(), 1e-12);
        Assert.True(there.FirstToSecond.min().item<double>() > 0);
    }

    // By hand: p = (3/4, 1/4), q = (1/2, 1/2): KL(p || q) = 3/4 ln(3/2) + 1/4 ln(1/2), KL(q || p) = 1/2 ln(2/3) + 1/2 ln 2.
    [Fact]
    public void The_divergence_is_that_of_the_softmaxes()
    {
        using var scope = torch.NewDisposeScope();
        var divergence = BidirectionalDivergence.Of(torch.tensor(new[] { Math.Log(3), 0 }).unsqueeze(0), torch.zeros(1, 2, dtype: torch.float64), 1);
        Assert.Equal((0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5)), divergence.FirstToSecond.item<double>(), 1e-12);
        Assert.Equal((0.5 * Math.Log(2 / 3.0)) + (0.5 * Math.Log(2)), divergence.SecondToFirst.item<double>(), 1e-12);
    }

    [Fact]
    public void The_gradient_flows_through_both_passes()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        var (p, q) = (torch.randn(2, 5).requires_grad_(true), torch.randn(2, 5).requires_grad_(true));
        BidirectionalDivergence.Of(p, q, 1).Sum([2]).backward();
        Assert.True(p.grad!.abs().max().item<float>() > 0.01f);
        Assert.True(q.grad!.abs().max().item<float>() > 0.01f);
    }

    [Fact]
    public void A_pair_whose_answers_have_other_tokens_has_no_divergence_but_its_cross_entropies()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        var loss = new MccKdLoss(0.1).Of(model, [Pairs[2]]);
        Assert.Equal([5L, 5L, 0L], loss.Means.Select(mean => mean.Normaliser));
        var sums = loss.Sums();
        Assert.Equal(0, sums[2].cpu().item<float>());
        Assert.True(sums[1].cpu().item<float>() > 0);
        Assert.Equal([6L + 4 + 5 + 7, 4L + 5 + 5 + 6, 3L], new MccKdLoss(0.1).Of(model, Pairs).Means.Select(mean => mean.Normaliser));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_batch_of_4_four_of_1_and_two_of_2_give_the_same_loss_and_gradient(bool causal)
    {
        using ILanguageModel model = causal ? TinyModel.Llama() : TinyModel.T5();
        var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 2 }, seed: 1);
        var loss = new MccKdLoss(2, 1.3);
        var whole = Gradient(adapter, [loss.Of(model, Pairs)]);
        foreach (var size in new[] { 1, 2 })
        {
            var cut = Gradient(adapter, [.. Pairs.Chunk(size).Select(some => loss.Of(model, some))]);
            Assert.Equal(whole.Loss, cut.Loss, 1e-5);
            var scale = whole.Gradient.Max(Math.Abs);
            Assert.All(whole.Gradient.Zip(cut.Gradient), pair => Assert.Equal(pair.First, pair.Second, 2e-5f * scale));
        }
    }

    [Fact]
    public void Two_different_rationales_are_drawn_evenly()
    {
        var drawn = Enumerable.Range(0, 6000).Select(epoch => ResponsePair.Draw(3, 1, "q", epoch)).ToArray();
        Assert.All(drawn, pair => Assert.NotEqual(pair.First, pair.Second));

        // Six ordered pairs, 1000 each, deviation 29.
        Assert.Equal(6, drawn.Distinct().Count());
        Assert.All(drawn.GroupBy(pair => pair), group => Assert.InRange(group.Count(), 850, 1150));
        Assert.Equal(drawn[5], ResponsePair.Draw(3, 1, "q", 5));
    }

    private static ResponsePair Pair(int[] first, int[] second) => ResponsePair.Of(Items.Make("q", 0, first, [first.Length]).Rationale, Items.Make("q", 1, second, [second.Length]).Rationale);

    private static (double Loss, float[] Gradient) Gradient(LoraAdapter adapter, IReadOnlyList<MicroBatchLoss> microBatches)
    {
        using (torch.no_grad())
        {
            torch.manual_seed(9);
            foreach (var parameter in adapter.Parameters)
            {
                parameter.Value.normal_(0, 0.3);
                parameter.Value.grad?.zero_();
            }
        }

        var (sum, normaliser) = (0.0, 0L);
        foreach (var microBatch in LossMeans.Pool(microBatches))
        {
            using var scope = torch.NewDisposeScope();
            var loss = microBatch();
            loss.Sum.backward();
            (sum, normaliser) = (sum + loss.Sum.cpu().item<float>(), normaliser + loss.Normaliser);
        }

        return (sum / normaliser, [.. adapter.Parameters.SelectMany(parameter => parameter.Value.grad!.cpu().data<float>().ToArray()).Select(value => value / normaliser)]);
    }
}

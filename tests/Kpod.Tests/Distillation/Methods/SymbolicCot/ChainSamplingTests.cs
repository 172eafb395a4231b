using Kpod.Distillation.Methods.PlainCot;
using Kpod.Distillation.Methods.SymbolicCot;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.Tests.Distillation.Methods.SymbolicCot;

public sealed class ChainSamplingTests
{
    // Three questions: two of three chains correct, none of two, one of one.
    private static readonly bool[][] Correct = [[false, true, true], [false, false], [true]];

    [Theory]
    [InlineData(SamplingVariant.NoFilter, "0:0 0:1 0:2 1:0 1:1 2:0")]
    [InlineData(SamplingVariant.AllCorrectPaths, "0:1 0:2 2:0")]
    [InlineData(SamplingVariant.AllCorrectPathsBalanced, "0:1,2 2:0")]
    [InlineData(SamplingVariant.OneCorrectPath, "0:1 2:0")]
    [InlineData(SamplingVariant.AnswerOnly, "0: 2:")]
    public void A_variant_decides_which_chains_are_visited(SamplingVariant variant, string expected) =>
        Assert.Equal(expected, string.Join(' ', ChainSampling.Slots(Correct, variant).Select(slot => $"{slot.Question}:{string.Join(',', slot.Candidates)}")));

    [Fact]
    public void A_slot_draws_its_candidates_evenly_and_the_same_again()
    {
        var slot = new ChainSlot(4, [3, 5, 8]);
        var drawn = Enumerable.Range(0, 3000).Select(epoch => slot.Draw(1, epoch)!.Value).ToArray();
        Assert.Equal(drawn, Enumerable.Range(0, 3000).Select(epoch => slot.Draw(1, epoch)!.Value));

        // 1000 of 3000 each, deviation 26.
        Assert.All(drawn.GroupBy(chain => chain), group => Assert.InRange(group.Count(), 870, 1130));
        Assert.Null(new ChainSlot(4, []).Draw(1, 0));
    }

    [Fact]
    public void A_closing_answer_sentence_gives_way_to_the_gold_answer()
    {
        Assert.Equal("Q: x A: p 6 * 4 = 24. Therefore, the answer is 24", ChainSampling.Text("Q: x A: p", "6 * 4 = 24.  Therefore, the answer is 25.", "24"));
        Assert.Equal("Q: x A: p Therefore, the answer is 24", ChainSampling.Text("Q: x A: p", null, "24"));
    }

    [Fact]
    public void With_one_chain_a_question_it_is_plain_distillation_and_so_is_kpod_with_weights_of_1_and_nothing_given()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        var slot = Assert.Single(ChainSampling.Slots([[true]], SamplingVariant.AllCorrectPathsBalanced));
        DistillationItem[] chains = [Items.Make("q", 0, [10, 11, 12, 13], [2, 4], weights: [1, 1, 1, 1])];
        var scotd = DistillationLoss.Of(model, [new PlainCotMethod().Visit(chains[slot.Draw(5, 7)!.Value], 1)]);
        var kpod = DistillationLoss.Of(model, [DistillationExample.Make(chains[0], chains[0].TokenWeights, 0)]);
        Assert.Equal(kpod.Sum.cpu().item<float>(), scotd.Sum.cpu().item<float>());
        Assert.Equal(7, scotd.Normaliser);
    }

    [Fact]
    public void Without_the_rationale_the_answer_segment_is_the_response()
    {
        var item = Items.Make("q", 0, [10, 11], [2]);
        Assert.Equal([90, 91, 2], ChainSampling.WithoutRationale(item.Rationale).ResponseIds());
    }
}

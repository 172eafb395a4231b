using Kpod.Distillation.Methods.Scott;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.Tests.Distillation.Methods.Scott;

public sealed class ContrastiveDecoderTests
{
    private static readonly ContrastivePrompt[] Prompts = [new([5, 6, 7], [5, 9]), new([8, 3], [8, 4, 4, 1]), new([20], [21])];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_contrast_it_is_greedy_decoding(bool causal)
    {
        using ILanguageModel model = causal ? TinyModel.Llama() : TinyModel.T5();
        var texts = Decode(model, Prompts, lambda: 0, stop: -1);
        for (var index = 0; index < Prompts.Length; index++)
        {
            Assert.Equal(Greedy(model, Prompts[index].Given, 12), texts[index].Ids);
            Assert.Equal(ContrastiveEnd.Length, texts[index].End);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_text_is_the_same_alone_and_beside_others_that_end_earlier(bool causal)
    {
        using ILanguageModel model = causal ? TinyModel.Llama() : TinyModel.T5();
        var stop = Decode(model, Prompts, 0.5, -1)[1].Ids[3];
        var together = Decode(model, Prompts, 0.5, stop);
        Assert.Contains(together, text => text.End != ContrastiveEnd.Length);
        Assert.All(together, text => Assert.DoesNotContain(stop, text.Ids));
        for (var index = 0; index < Prompts.Length; index++)
        {
            var alone = Decode(model, [Prompts[index]], 0.5, stop)[0];
            Assert.Equal(alone.Ids, together[index].Ids);
            Assert.Equal(alone.End, together[index].End);
            Assert.Equal(alone.Steps.Count, together[index].Steps.Count);
        }
    }

    // By hand over three tokens: log p = (ln .5, ln .3, ln .2), log q = (ln .8, ln .1, ln .1); at lambda 1 the ratios are 5/8, 3, 2.
    [Fact]
    public void The_contrast_turns_from_what_the_other_answer_would_say_as_well()
    {
        using var scope = torch.NewDisposeScope();
        var step = ContrastiveScore.Of(Logits(0.5, 0.3, 0.2), Logits(0.8, 0.1, 0.1), lambda: 1, temperature: 1).Steps()[0];
        Assert.Equal((0, 1), (step.Plain, step.Contrastive));
        Assert.Equal(Math.Log(3), step.Score, 1e-9);
        Assert.Equal(Math.Log(1.5), step.Lead, 1e-9);
        Assert.Equal(Math.Log(0.5 / 0.3), step.PlainLead, 1e-9);
        Assert.Equal(ContrastiveEnd.PlainStop, step.End([0]));
        Assert.Equal(ContrastiveEnd.ContrastiveStop, step.End([1]));
        Assert.Null(step.End([2]));
    }

    [Fact]
    public void Of_whole_texts_the_one_with_the_best_score_a_token_is_chosen()
    {
        using var model = TinyModel.Llama();
        int[][] candidates = [[10, 11, 12, 13, 14, 15], [16], [17, 18]];
        var rerank = ContrastiveRerank.Of(model, Prompts[0], candidates, 0.5);
        for (var index = 0; index < candidates.Length; index++)
        {
            Assert.Equal(candidates[index].Length, rerank.Given[index].Length);
            Assert.Equal(rerank.Given[index].Zip(rerank.Contrast[index], (given, contrast) => given - (0.5 * contrast)).Sum() / candidates[index].Length, rerank.Scores[index], 1e-9);
        }

        Assert.Equal(rerank.Scores.Max(), rerank.Scores[rerank.Chosen]);
    }

    private static torch.Tensor Logits(params double[] probabilities) => torch.tensor(probabilities).log().unsqueeze(0);

    private static IReadOnlyList<ContrastiveText> Decode(ILanguageModel model, ContrastivePrompt[] prompts, double lambda, int stop) =>
        ContrastiveDecoder.Decode(model, prompts, new ContrastiveOptions { Lambda = lambda, MaximumNewTokens = 12, StopIds = [stop] }, CancellationToken.None);

    private static List<int> Greedy(ILanguageModel model, int[] prompt, int count)
    {
        using var noGradient = torch.no_grad();
        using var decoding = model.StartDecoding([prompt]);
        var ids = new List<int>();
        while (ids.Count < count)
        {
            using var scope = torch.NewDisposeScope();
            ids.Add((int)decoding.NextLogits.argmax(1).cpu().item<long>());
            decoding.Append([ids[^1]]);
        }

        return ids;
    }
}

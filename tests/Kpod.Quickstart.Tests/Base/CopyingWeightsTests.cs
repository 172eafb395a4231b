using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.T5;
using Kpod.Quickstart.Base;
using TorchSharp;

namespace Kpod.Quickstart.Tests.Base;

public sealed class CopyingWeightsTests
{
    private const int Hidden = 128;
    private const int Heads = 4;
    private const string Decoder = "decoder.block.1.layer.1.EncDecAttention.";

    private static readonly T5Configuration Configuration = new()
    {
        Family = "t5",
        VocabularySize = 50,
        HiddenSize = Hidden,
        FeedForwardSize = 256,
        EncoderLayers = 2,
        DecoderLayers = 2,
        Heads = Heads,
        HeadSize = Hidden / Heads,
        NormEpsilon = 1e-6,
        RelativeBuckets = 32,
        RelativeMaximumDistance = 128,
        GatedGelu = true,
        ScaledOutput = false,
        TiedEmbeddings = false,
        DecoderStartId = 0,
    };

    [Fact]
    public void Cross_attention_looks_for_the_token_that_the_decoder_holds_and_hands_it_on()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var weights = new CopyingWeights(Configuration, 1);
        torch.Tensor Take(string module) => weights.Take($"{Decoder}{module}.weight", Hidden, Hidden);
        torch.manual_seed(2);
        var states = torch.randn(20, Hidden);

        // (tokens, heads, width) -> (heads, tokens, tokens)
        torch.Tensor Split(torch.Tensor projected) => projected.view(20, Heads, -1).transpose(0, 1);
        var (query, key, value, output) = (Take("q"), Take("k"), Take("v"), Take("o"));
        var attention = Split(states.matmul(query.t())).matmul(Split(states.matmul(key.t())).transpose(1, 2)).softmax(-1);
        Assert.True(attention.diagonal(0, 1, 2).mean().item<float>() > 0.5);

        var copied = states.matmul(value.t()).matmul(output.t());
        Assert.True(torch.nn.functional.cosine_similarity(copied, states, 1).mean().item<float>() > 0.4);
    }

    [Fact]
    public void Alike_tokens_begin_near_one_another_and_keep_their_length_in_the_output_layer_too()
    {
        using var scope = torch.NewDisposeScope();
        var weights = new CopyingWeights(Configuration, 1) { Alike = [[3, 7, 11, 20], [30, 31]] };
        var embedding = weights.Take("shared.weight", 50, Hidden);
        double Cosine(int a, int b) => torch.nn.functional.cosine_similarity(embedding[a].unsqueeze(0), embedding[b].unsqueeze(0), 1).item<float>();

        // Rows of a group are √0.7 their own and √0.3 the first one: about 0.3 among themselves, √0.3 = 0.55 to the first; 128 numbers leave 0.09 of chance.
        Assert.InRange(Cosine(7, 11), 0.1, 0.5);
        Assert.InRange(Cosine(3, 20), 0.35, 0.75);
        Assert.InRange(Cosine(30, 31), 0.35, 0.75);
        Assert.InRange(Cosine(7, 31), -0.3, 0.3);
        Assert.InRange(Cosine(7, 8), -0.3, 0.3);
        Assert.InRange(embedding[7].square().mean().item<float>(), 0.6f, 1.5f);
        Assert.True(torch.allclose(weights.Take("lm_head.weight", 50, Hidden), embedding / Math.Sqrt(Hidden)));
    }

    [Fact]
    public void Heads_of_self_attention_prefer_a_neighbour_each_and_the_output_layer_is_the_embedding()
    {
        using var scope = torch.NewDisposeScope();
        var (weights, random) = (new CopyingWeights(Configuration, 1), new RandomWeights(Configuration, 1));
        foreach (var (stack, expected) in new[] { ("encoder", new[] { (1, 0), (2, 1), (17, 2) }), ("decoder", [(1, 0), (2, 1)]) })
        {
            var name = $"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
            var added = weights.Take(name, 32, Heads) - random.Take(name, 32, Heads);
            Assert.Equal(expected.Length * 4f, added.sum().item<float>(), 3);
            Assert.All(expected, place => Assert.Equal(4f, added[place.Item1, place.Item2].item<float>(), 3));
        }

        var embedding = random.Take("shared.weight", 50, Hidden);
        Assert.True(torch.allclose(weights.Take("lm_head.weight", 50, Hidden), embedding / Math.Sqrt(Hidden)));
        Assert.Equal(embedding.data<float>().ToArray(), weights.Take("shared.weight", 50, Hidden).data<float>().ToArray());
    }
}

using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.Quickstart.Base;

/// <summary>
/// Fresh weights of a T5 that is near to copying before it has learned anything, after the mimetic initialisation of Trockman and Kolter (2023): a small
/// encoder-decoder with plainly random weights does not learn to copy within the minutes that the quickstart has (docs/log.md). Cross attention starts by looking
/// for the token that the decoder has just read and hands on what it finds, heads of the self-attentions by looking at a neighbour each, and the output layer
/// as the embedding.
/// </summary>
internal sealed class CopyingWeights : IWeightSource
{
    // On normed states a head's key times itself is its width, 32, and times another's about √32: a query of 0.15 keys tells the two apart by 4 to 5 nat.
    private const double QueryFromKey = 0.15;
    private const double OutputFromValue = 0.7;
    private const double NeighbourBias = 4;

    // Share of the variance that the embeddings of alike tokens have in common; more would make copying one for the other likely.
    private const double CommonShare = 0.3;

    private static readonly long[] EncoderNeighbours = [-1, -2, 1];
    private static readonly long[] DecoderNeighbours = [-1, -2];

    private readonly T5Configuration _configuration;
    private readonly RandomWeights _random;

    /// <summary>Prepares to draw the weights.</summary>
    /// <param name="configuration">The model's shape; its queries, keys, values and outputs are as wide as its states.</param>
    /// <param name="seed">Another seed gives other weights.</param>
    public CopyingWeights(T5Configuration configuration, long seed)
    {
        _configuration = configuration;
        _random = new RandomWeights(configuration, seed);
    }

    /// <summary>
    /// Groups of tokens whose embeddings begin near one another, as those of numbers do in a pretrained model: the quickstart's minutes do not suffice to bring them
    /// together, and a weight generator would have to learn each number for itself.
    /// </summary>
    public IReadOnlyList<int[]> Alike { get; init; } = [];

    /// <inheritdoc/>
    public bool Contains(string name) => _random.Contains(name);

    /// <inheritdoc/>
    public torch.Tensor Take(string name, params ReadOnlySpan<long> shape)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var size = shape.ToArray();
        var weight = _random.Take(name, size);
        switch (name)
        {
            case "shared.weight":
                BringTogether(weight);
                break;
            case "lm_head.weight":
                using (var embedding = _random.Take("shared.weight", size))
                {
                    BringTogether(embedding);
                    weight.copy_(embedding.div(Math.Sqrt(_configuration.HiddenSize)));
                }

                break;
            case var _ when name.EndsWith("EncDecAttention.q.weight", StringComparison.Ordinal):
                using (var keys = _random.Take(name.Replace(".q.", ".k.", StringComparison.Ordinal), size))
                {
                    weight.add_(keys.mul(QueryFromKey));
                }

                break;
            case var _ when name.EndsWith("EncDecAttention.o.weight", StringComparison.Ordinal):
                using (var values = _random.Take(name.Replace(".o.", ".v.", StringComparison.Ordinal), size[1], size[0]))
                {
                    weight.mul_(1 - OutputFromValue).add_(values.t().mul(OutputFromValue));
                }

                break;
            case var _ when name.EndsWith("relative_attention_bias.weight", StringComparison.Ordinal):
                PreferNeighbours(weight, name.StartsWith("encoder.", StringComparison.Ordinal));
                break;
        }

        return weight;
    }

    // (vocabulary, hidden): each row of a group becomes a mixture of itself and the group's first row, of the same length on average.
    private void BringTogether(torch.Tensor embedding)
    {
        foreach (var group in Alike)
        {
            foreach (var id in group.Skip(1))
            {
                embedding[id].mul_(Math.Sqrt(1 - CommonShare)).add_(embedding[group[0]].mul(Math.Sqrt(CommonShare)));
            }
        }
    }

    // (buckets, heads): head h prefers the neighbour h.
    private void PreferNeighbours(torch.Tensor bias, bool isEncoder)
    {
        var neighbours = isEncoder ? EncoderNeighbours : DecoderNeighbours;
        for (var head = 0; head < Math.Min(neighbours.Length, _configuration.Heads); head++)
        {
            bias[RelativeBuckets.Of(neighbours[head], isEncoder, _configuration.RelativeBuckets, _configuration.RelativeMaximumDistance), head].add_(NeighbourBias);
        }
    }
}

using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Native;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Training;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.TokenWeighting.Generator;

/// <summary>One bidirectional self-attention layer with a norm in front and a residual around it: <c>Att</c> of Eq. 2. Float32, trained.</summary>
internal sealed class SelfAttention : IDisposable
{
    // Far below any score, and finite, so that a row of padding stays a number.
    private const float Hidden = -1e9f;

    /// <summary>(width): the norm's weight.</summary>
    public required torch.Tensor Norm { get; init; }

    /// <summary>Added to the mean square in the norm.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>The maps of queries, keys, values and of the result, (outputs, inputs).</summary>
    public required (torch.Tensor Query, torch.Tensor Key, torch.Tensor Value, torch.Tensor Output) Maps { get; init; }

    /// <summary>Their biases, where the layer has them.</summary>
    public (torch.Tensor? Query, torch.Tensor? Key, torch.Tensor? Value, torch.Tensor? Output) Biases { get; init; }

    /// <summary>(head width): norms of each head's queries and keys, where the layer has them.</summary>
    public (torch.Tensor? Query, torch.Tensor? Key) HeadNorms { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>What scores are multiplied by: 1 / √(head width) in LLaMA, 1 in T5.</summary>
    public required double Scale { get; init; }

    /// <summary>How the layer knows the order of tokens.</summary>
    public required AttentionPositions Positions { get; init; }

    /// <summary>Width of the embeddings that it reads and gives.</summary>
    public int Width => (int)Norm.shape[0];

    /// <summary>Everything that is trained.</summary>
    public IReadOnlyList<NamedParameter> Parameters =>
    [
        .. new (string Name, torch.Tensor? Value)[]
        {
            ("norm", Norm), ("query", Maps.Query), ("key", Maps.Key), ("value", Maps.Value), ("output", Maps.Output),
            ("query.bias", Biases.Query), ("key.bias", Biases.Key), ("value.bias", Biases.Value), ("output.bias", Biases.Output),
            ("query.norm", HeadNorms.Query), ("key.norm", HeadNorms.Key), ("relative-bias", (Positions as AttentionPositions.RelativeBias)?.Bias),
        }.Where(entry => entry.Value is not null).Select(entry => new NamedParameter("attention." + entry.Name, entry.Value!)),
    ];

    /// <summary>x + Attention(norm(x)).</summary>
    /// <param name="x">(batch, tokens, width), float32.</param>
    /// <param name="tokenMask">(batch, tokens), float32: 1 for a token, 0 for padding, which no token looks at.</param>
    /// <returns>(batch, tokens, width).</returns>
    public torch.Tensor Forward(torch.Tensor x, torch.Tensor tokenMask)
    {
        using var scope = torch.NewDisposeScope();
        var (batch, tokens) = (x.shape[0], x.shape[1]);
        var normed = RmsNorm.Apply(x, Norm, NormEpsilon);
        var query = HeadNorm(Split(functional.linear(normed, Maps.Query, Biases.Query), Heads), HeadNorms.Query);
        var key = HeadNorm(Split(functional.linear(normed, Maps.Key, Biases.Key), KeyValueHeads), HeadNorms.Key);
        var value = Split(functional.linear(normed, Maps.Value, Biases.Value), KeyValueHeads);
        if (Positions is AttentionPositions.Rotary rotary)
        {
            (query, key) = Rotate(query, key, rotary.InverseFrequencies);
        }

        if (Heads != KeyValueHeads)
        {
            key = key.repeat_interleave(Heads / KeyValueHeads, 1);
            value = value.repeat_interleave(Heads / KeyValueHeads, 1);
        }

        // (batch, heads, queries, keys)
        var scores = (torch.matmul(query, key.transpose(-1, -2)) * Scale) + ((1 - tokenMask) * Hidden).view(batch, 1, 1, tokens);
        if (Positions is AttentionPositions.RelativeBias relative)
        {
            scores += RelativeScores(relative, (int)tokens);
        }

        var attended = torch.matmul(scores.softmax(-1), value).transpose(1, 2).reshape(batch, tokens, -1);
        return (x + functional.linear(attended, Maps.Output, Biases.Output)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in Parameters)
        {
            parameter.Value.Dispose();
        }

        (Positions as AttentionPositions.Rotary)?.InverseFrequencies.Dispose();
    }

    // (batch, tokens, heads · head width) -> (batch, heads, tokens, head width)
    private static torch.Tensor Split(torch.Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2);

    private torch.Tensor HeadNorm(torch.Tensor x, torch.Tensor? weight) => weight is null ? x : RmsNorm.Apply(x, weight, NormEpsilon);

    private static (torch.Tensor Query, torch.Tensor Key) Rotate(torch.Tensor query, torch.Tensor key, torch.Tensor inverseFrequencies)
    {
        var angles = torch.outer(torch.arange(query.shape[2], dtype: torch.ScalarType.Float32, device: query.device), inverseFrequencies);
        var half = inverseFrequencies.shape[0];
        var cosine = torch.cat([angles.cos(), angles.cos()], -1);
        var sine = torch.cat([-angles.sin(), angles.sin()], -1);
        return (Turn(query), Turn(key));

        torch.Tensor Turn(torch.Tensor x) => (x * cosine) + (x.roll(half, -1) * sine);
    }

    // (1, heads, queries, keys)
    private static torch.Tensor RelativeScores(AttentionPositions.RelativeBias relative, int tokens)
    {
        var buckets = new long[tokens * tokens];
        for (var query = 0; query < tokens; query++)
        {
            for (var key = 0; key < tokens; key++)
            {
                buckets[(query * tokens) + key] = RelativeBuckets.Of(key - query, bidirectional: true, (int)relative.Bias.shape[0], relative.MaximumDistance);
            }
        }

        return AtenOperator.Rows(relative.Bias, torch.tensor(buckets, device: relative.Bias.device).view(tokens, tokens)).permute(2, 0, 1).unsqueeze(0);
    }
}

using Kpod.RationaleGeneration.Rationales;

namespace Kpod.TokenWeighting.Weights;

/// <summary>The weight of every token of one rationale: a line of <c>03-token-weights.jsonl</c>.</summary>
public sealed record RationaleTokenWeights
{
    /// <summary>The question.</summary>
    public required string QuestionId { get; init; }

    /// <summary>The rationale's number among those of its question.</summary>
    public required int Sample { get; init; }

    /// <summary>The tokens of the rationale in order.</summary>
    public required IReadOnlyList<WeightedToken> Tokens { get; init; }

    /// <summary>Writes weights beside the tokens that they belong to.</summary>
    /// <param name="rationale">The rationale.</param>
    /// <param name="weights">One a token.</param>
    /// <returns>The line of the artefact.</returns>
    internal static RationaleTokenWeights Of(EncodedRationale rationale, IReadOnlyList<float> weights) => new()
    {
        QuestionId = rationale.QuestionId,
        Sample = rationale.Sample,
        Tokens =
        [
            .. rationale.RationaleTokens.Zip(weights, (token, weight) =>
                new WeightedToken(rationale.Text[token.Start..token.End], token.Start, token.End, weight)),
        ],
    };
}

/// <summary>One token of a rationale and its weight w (Eq. 3).</summary>
/// <param name="Text">The piece of the rationale that it stands for.</param>
/// <param name="Start">First UTF-16 code unit in the rationale's text.</param>
/// <param name="End">One past the last.</param>
/// <param name="Weight">w in [0, 1]: the probability that the token is kept.</param>
public sealed record WeightedToken(string Text, int Start, int End, double Weight);

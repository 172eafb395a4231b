using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Weights;

namespace Kpod.StepDifficulty;

/// <summary>Finds the token weights of each rationale and makes sure that they belong to its very tokens.</summary>
internal static class AlignedTokenWeights
{
    private const string Mend = "Token weights belong to one student's tokenizer and one text: compute them anew for these rationales and this student.";

    /// <summary>The weights in the order of the rationales.</summary>
    /// <param name="rationales">The rationales.</param>
    /// <param name="weights">Their weights in any order; weights of others are passed over.</param>
    /// <returns>Per rationale one weight a token.</returns>
    /// <exception cref="KpodException">A rationale has no weights, has them twice, or weights of other tokens; the message names it.</exception>
    public static double[][] Of(IReadOnlyList<EncodedRationale> rationales, IReadOnlyList<RationaleTokenWeights> weights)
    {
        var byItem = new Dictionary<(string QuestionId, int Sample), RationaleTokenWeights>(weights.Count);
        foreach (var item in weights)
        {
            if (!byItem.TryAdd((item.QuestionId, item.Sample), item))
            {
                throw new KpodException($"Token weights: {item.QuestionId}#{item.Sample} occurs twice. Keep one of the two.");
            }
        }

        return [.. rationales.Select(rationale => Of(rationale, byItem.GetValueOrDefault((rationale.QuestionId, rationale.Sample))))];
    }

    private static double[] Of(EncodedRationale rationale, RationaleTokenWeights? weights)
    {
        if (weights is null)
        {
            throw new KpodException($"Rationale {rationale.Key} has no token weights. {Mend}");
        }

        var tokens = rationale.RationaleTokens;
        if (weights.Tokens.Count != tokens.Length)
        {
            throw new KpodException($"Rationale {rationale.Key} has {tokens.Length} tokens but {weights.Tokens.Count} token weights. {Mend}");
        }

        var result = new double[tokens.Length];
        for (var token = 0; token < tokens.Length; token++)
        {
            var weighted = weights.Tokens[token];
            if (weighted.Start != tokens[token].Start || weighted.End != tokens[token].End)
            {
                throw new KpodException(
                    $"Rationale {rationale.Key}: token {token} stands at characters {tokens[token].Start} to {tokens[token].End}, "
                    + $"its weight (\"{weighted.Text}\") at {weighted.Start} to {weighted.End}. {Mend}");
            }

            if (!(weighted.Weight is >= 0 and <= 1))
            {
                throw new KpodException(
                    FormattableString.Invariant($"Rationale {rationale.Key}: the weight of token {token} (\"{weighted.Text}\") is {weighted.Weight}; ")
                    + "it must lie in [0, 1].");
            }

            result[token] = weighted.Weight;
        }

        return result;
    }
}

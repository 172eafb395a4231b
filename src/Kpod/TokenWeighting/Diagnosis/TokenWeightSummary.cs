using Kpod.RationaleGeneration.Rationales;

namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>Which kinds of tokens, and which tokens, got which weights.</summary>
/// <param name="Means">Means by kind.</param>
/// <param name="KeptShare">Share of tokens with w &gt; 0.5.</param>
/// <param name="Spread">Standard deviation of w.</param>
/// <param name="FrequentTokens">The most frequent tokens, most frequent first.</param>
internal sealed record TokenWeightSummary(MeanTokenWeights Means, double KeptShare, double Spread, IReadOnlyList<FrequentToken> FrequentTokens)
{
    private const int MostFrequentTokens = 60;

    /// <summary>Sums weights up.</summary>
    /// <param name="rationales">The rationales; at least one has a token.</param>
    /// <param name="weights">Per rationale, one weight a token.</param>
    /// <returns>The summary.</returns>
    public static TokenWeightSummary Of(IReadOnlyList<EncodedRationale> rationales, IReadOnlyList<float[]> weights)
    {
        var tokens = rationales.Zip(weights)
            .SelectMany(pair => pair.Second.Select((weight, token) => (Text: TokenClasses.Piece(pair.First, token).ToString(), Weight: (double)weight)))
            .ToList();
        var means = tokens.GroupBy(token => TokenClasses.Of(token.Text)).ToDictionary(group => group.Key, group => group.Average(token => token.Weight));
        double? Mean(TokenClass kind) => means.TryGetValue(kind, out var mean) ? mean : null;
        FrequentToken[] frequent =
        [
            .. tokens.GroupBy(token => token.Text, StringComparer.Ordinal)
                .Select(group => new FrequentToken(group.Key, group.Count(), group.Average(token => token.Weight)))
                .OrderByDescending(token => token.Count).ThenBy(token => token.Text, StringComparer.Ordinal).Take(MostFrequentTokens),
        ];
        var all = tokens.Average(token => token.Weight);
        return new TokenWeightSummary(
            new MeanTokenWeights(Mean(TokenClass.Digit), Mean(TokenClass.Operator), Mean(TokenClass.Other), all),
            (double)tokens.Count(token => token.Weight > 0.5) / tokens.Count,
            Math.Sqrt(tokens.Average(token => Math.Pow(token.Weight - all, 2))),
            frequent);
    }
}

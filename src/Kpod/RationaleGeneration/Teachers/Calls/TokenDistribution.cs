namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>A place of a teacher's answer: the token that it wrote, and the most probable ones that it could have written.</summary>
/// <param name="Chosen">The token that it wrote.</param>
/// <param name="Top">The most probable tokens, the most probable first; the chosen one may be among them. Empty where the server reports none.</param>
/// <param name="Start">Place of the chosen token's first character in the answer's text, in UTF-16 code units; null where the tokens do not spell that text.</param>
/// <param name="End">One past its last character. A token that is only a part of a character is empty, except the last of its parts.</param>
internal sealed record TokenDistribution(TokenLogProbability Chosen, IReadOnlyList<TokenLogProbability> Top, int? Start, int? End)
{
    /// <summary>The probability that <see cref="Top"/> covers, from 0 to 1: what is missing to 1 lies on tokens that the server did not report.</summary>
    public double CoveredProbability => Math.Min(1, Top.Sum(token => Math.Exp(token.LogProbability)));
}

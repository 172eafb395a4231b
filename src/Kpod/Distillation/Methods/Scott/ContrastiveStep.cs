namespace Kpod.Distillation.Methods.Scott;

/// <summary>One step of contrastive decoding.</summary>
/// <param name="Plain">The token that the given prompt alone would choose.</param>
/// <param name="Contrastive">The token with the best score: the one that is written.</param>
/// <param name="GivenLogProbability">Its log-probability after the given prompt, at the decoding's temperature.</param>
/// <param name="ContrastLogProbability">Its log-probability after the contrast prompt.</param>
/// <param name="Score">Its score.</param>
/// <param name="Lead">By how much its score exceeds the second best.</param>
/// <param name="PlainLead">By how much the log-probability of <paramref name="Plain"/>, at temperature 1, exceeds the second best.</param>
internal sealed record ContrastiveStep(int Plain, int Contrastive, double GivenLogProbability, double ContrastLogProbability, double Score, double Lead, double PlainLead)
{
    /// <summary>Whether the text ends here: either choice is a stop token, which itself is not written.</summary>
    /// <param name="stopIds">The stop tokens.</param>
    /// <returns>Why it ends; null where it goes on.</returns>
    public ContrastiveEnd? End(IReadOnlyList<int> stopIds) =>
        stopIds.Contains(Plain) ? ContrastiveEnd.PlainStop : stopIds.Contains(Contrastive) ? ContrastiveEnd.ContrastiveStop : null;
}

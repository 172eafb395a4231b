namespace Kpod.LanguageModels.Export;

/// <summary>How far the logits of an exported model, read back from its file, are from those of base and adapter.</summary>
/// <param name="Positions">How many predictions were compared.</param>
/// <param name="LargestDifference">The largest difference of a logit, as a share of the largest logit.</param>
/// <param name="MeanDivergence">Mean Kullback-Leibler divergence of the exported model's predictions, in nat a token.</param>
/// <param name="SameBest">Share of the predictions whose likeliest token is the same.</param>
/// <param name="ShareOfAdapter">How far the logits moved (root mean square), as a share of how far the adapter moves them; null without an adapter. At 1 the rounding is as loud as all that was learned.</param>
/// <param name="Tolerance">What <paramref name="LargestDifference"/> may be.</param>
/// <param name="Refusal">Why the export was refused and which type does better; null where it passed.</param>
public sealed record MergeGateResult(
    int Positions, double LargestDifference, double MeanDivergence, double SameBest, double? ShareOfAdapter, double Tolerance, string? Refusal)
{
    /// <summary>Whether the export may stand.</summary>
    public bool Passed => Refusal is null;
}

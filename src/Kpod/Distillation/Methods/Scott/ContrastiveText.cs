namespace Kpod.Distillation.Methods.Scott;

/// <summary>What contrastive decoding wrote.</summary>
/// <param name="Ids">The tokens, without a stop token.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Steps">Every step; the last one is not written where it is a stop token.</param>
internal sealed record ContrastiveText(IReadOnlyList<int> Ids, ContrastiveEnd End, IReadOnlyList<ContrastiveStep> Steps);

namespace Kpod.Distillation;

/// <summary>Plain chain-of-thought distillation (Eq. 1): the whole rationale from the first step on, every token with weight 1.</summary>
public sealed class PlainCotMethod : IDistillationMethod
{
    /// <inheritdoc/>
    public int StagesPerEpoch => 1;

    /// <inheritdoc/>
    public DistillationExample Visit(DistillationItem item, int stage) =>
        DistillationExample.Make(item, [.. Enumerable.Repeat(1.0, item.Rationale.RationaleTokens.Length)], givenSteps: 0);
}

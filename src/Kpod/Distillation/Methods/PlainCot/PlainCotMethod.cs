using Kpod.Distillation.Visits;

namespace Kpod.Distillation.Methods.PlainCot;

/// <summary>Plain chain-of-thought distillation (Eq. 1): the whole rationale from the first step on, every token with weight 1.</summary>
internal sealed class PlainCotMethod : IDistillationMethod
{
    /// <summary>What the list says of it.</summary>
    internal static MethodEntry Entry { get; } = new(
        "plain CoT",
        "Plain chain-of-thought distillation: the student learns every token of the teacher's whole rationale alike, from the first epoch on.",
        FollowsSchedule: false,
        _ => new PlainCotMethod());

    /// <inheritdoc/>
    public int StagesPerEpoch => 1;

    /// <inheritdoc/>
    public DistillationExample Visit(DistillationItem item, int stage) =>
        DistillationExample.Make(item, [.. Enumerable.Repeat(1.0, item.Rationale.RationaleTokens.Length)], givenSteps: 0);
}

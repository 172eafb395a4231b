using Kpod.Distillation.Visits;
using Kpod.ProgressiveSchedule;
using Kpod.RationaleGeneration;
using Kpod.StepDifficulty;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Distillation;

/// <summary>What a student is taught with.</summary>
/// <param name="Rationales">The rationales.</param>
/// <param name="Keypoints">What the stages between found out about them; null for a method that needs none of it.</param>
internal sealed record DistillationMaterial(KeptRationales Rationales, DistillationMaterial.Found? Keypoints)
{
    /// <summary>What the stages from 3 to 5 found out; lists in the order of the rationales.</summary>
    /// <param name="Weights">w of each token.</param>
    /// <param name="Difficulties">The steps.</param>
    /// <param name="Schedule">c(t).</param>
    internal sealed record Found(IReadOnlyList<RationaleTokenWeights> Weights, IReadOnlyList<RationaleDifficulty> Difficulties, StageSchedule Schedule);

    /// <summary>The rationales one by one; without keypoints each is one step whose tokens all weigh 1.</summary>
    /// <returns>The items in the order of the rationales.</returns>
    public DistillationItem[] Items() => [.. Rationales.Encoded.Value.Select((rationale, index) => Keypoints is { } found
        ? new DistillationItem(rationale, [.. found.Weights[index].Tokens.Select(token => token.Weight)], [.. found.Difficulties[index].Steps.Select(step => step.EndToken)], index)
        : new DistillationItem(rationale, [.. Enumerable.Repeat(1.0, rationale.RationaleTokens.Length)], [rationale.RationaleTokens.Length], index))];
}

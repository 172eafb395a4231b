using Kpod.RationaleGeneration.Rationales;

namespace Kpod.RationaleGeneration;

/// <summary>The rationale stage's result: all rationales, and the kept ones as the student's tokens, made only when a later stage has to compute.</summary>
/// <param name="All">Kept and dropped.</param>
/// <param name="Encoded">The kept ones.</param>
internal sealed record KeptRationales(IReadOnlyList<Rationale> All, Lazy<IReadOnlyList<EncodedRationale>> Encoded);

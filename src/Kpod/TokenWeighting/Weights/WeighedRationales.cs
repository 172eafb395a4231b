using Kpod.TokenWeighting.Diagnosis;

namespace Kpod.TokenWeighting.Weights;

/// <summary>Token weights with what was seen while they were learned.</summary>
/// <param name="Weights">One entry a rationale, in the order in which they were given.</param>
/// <param name="Diagnosis">Null where nothing was learned.</param>
internal sealed record WeighedRationales(IReadOnlyList<RationaleTokenWeights> Weights, MaskLearningDiagnosis? Diagnosis);

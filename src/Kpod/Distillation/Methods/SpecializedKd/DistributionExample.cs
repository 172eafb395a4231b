namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>An example with the teacher's distribution for each token of its response.</summary>
/// <param name="PromptIds">What the student reads.</param>
/// <param name="ResponseIds">The chain and the end token.</param>
/// <param name="Teacher">One distribution a response token.</param>
internal sealed record DistributionExample(int[] PromptIds, int[] ResponseIds, IReadOnlyList<TeacherDistribution> Teacher);

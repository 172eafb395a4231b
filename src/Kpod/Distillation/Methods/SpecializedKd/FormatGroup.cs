namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>The micro-batches of one effective batch: one format only.</summary>
/// <param name="Format">The format.</param>
/// <param name="MicroBatches">Indices of examples among those of the format.</param>
internal sealed record FormatGroup(SpecializedFormat Format, IReadOnlyList<int[]> MicroBatches);

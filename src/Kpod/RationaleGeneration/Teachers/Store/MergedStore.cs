namespace Kpod.RationaleGeneration.Teachers.Store;

/// <summary>What a store brought into another.</summary>
/// <param name="Path">The store.</param>
/// <param name="Answers">Answers that it holds.</param>
/// <param name="Added">Answers of it that are new in the other.</param>
public sealed record MergedStore(string Path, long Answers, int Added);

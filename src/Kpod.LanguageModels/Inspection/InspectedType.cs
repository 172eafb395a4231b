namespace Kpod.LanguageModels.Inspection;

/// <summary>What of a checkpoint is stored in one type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Elements">Their elements.</param>
/// <param name="Bytes">Bytes that they take in the file.</param>
public sealed record InspectedType(string Type, int Tensors, long Elements, long Bytes);

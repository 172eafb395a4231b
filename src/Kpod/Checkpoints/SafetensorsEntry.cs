namespace Kpod.Checkpoints;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataType">The format's name of its type: F32, BF16, I64 and so on.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Begin">First byte in the data section.</param>
/// <param name="End">One past the last byte.</param>
public sealed record SafetensorsEntry(string Name, string DataType, IReadOnlyList<long> Shape, long Begin, long End);

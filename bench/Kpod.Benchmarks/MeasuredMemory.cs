namespace Kpod.Benchmarks;

/// <summary>The figures of a case with what they were measured with.</summary>
/// <param name="Figures">The figures.</param>
/// <param name="With">Date, command, machine and versions, a line each.</param>
internal sealed record MeasuredMemory(MemoryFigures Figures, IReadOnlyList<string> With);

namespace Kpod.Benchmarks;

/// <summary>What a <see cref="MemoryStep"/> took.</summary>
/// <param name="LoadingPeakBytes">The largest resident size until the student was there.</param>
/// <param name="LoadedBytes">Resident with the student loaded.</param>
/// <param name="PeakBytes">The largest resident size of the process at its end.</param>
/// <param name="SecondsPerStep">The fastest step.</param>
/// <param name="ProcessorSecondsPerStep">Seconds of all threads on a processor in the step that took the fewest.</param>
/// <param name="Losses">The loss of each step.</param>
/// <param name="DecodedPerSecond">Weights that one thread decodes in a second of processor time; 0 where none are quantised.</param>
internal sealed record MemoryFigures(
    long LoadingPeakBytes, long LoadedBytes, long PeakBytes, double SecondsPerStep, double ProcessorSecondsPerStep, IReadOnlyList<double> Losses, double DecodedPerSecond);

namespace Kpod.Benchmarks;

/// <summary>What a <see cref="MemoryStep"/> took.</summary>
/// <param name="LoadingPeakBytes">The largest resident size until the student was there.</param>
/// <param name="LoadedBytes">Resident with the student loaded.</param>
/// <param name="PeakBytes">The largest resident size of the process at its end.</param>
/// <param name="SecondsPerStep">The fastest step.</param>
/// <param name="Losses">The loss of each step.</param>
internal sealed record MemoryFigures(long LoadingPeakBytes, long LoadedBytes, long PeakBytes, double SecondsPerStep, IReadOnlyList<double> Losses);

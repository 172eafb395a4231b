namespace Kpod.Reports.Charts;

/// <summary>A labelled place on an axis.</summary>
/// <param name="Position">Its value.</param>
/// <param name="Label">What stands there.</param>
internal readonly record struct AxisTick(double Position, string Label);

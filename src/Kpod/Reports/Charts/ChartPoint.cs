namespace Kpod.Reports.Charts;

/// <summary>A point of a curve, in the units of its axes.</summary>
/// <param name="X">Across.</param>
/// <param name="Y">Up; not finite where the curve has a gap.</param>
internal readonly record struct ChartPoint(double X, double Y);

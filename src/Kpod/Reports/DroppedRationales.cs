namespace Kpod.Reports;

/// <summary>Rationales left out for one reason.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many.</param>
public sealed record DroppedRationales(string Reason, int Count);

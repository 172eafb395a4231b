namespace Kpod.Reports.Records;

/// <summary>How long one stage of a run took.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Note">Anything to add, such as the run that the work was taken from.</param>
public sealed record StageTime(string Stage, double Seconds, string? Note = null);

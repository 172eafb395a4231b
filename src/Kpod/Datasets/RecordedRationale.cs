namespace Kpod.Datasets;

/// <summary>A rationale that a data set's file brings along.</summary>
/// <param name="Text">What the teacher wrote.</param>
/// <param name="Teacher">Who wrote it.</param>
/// <param name="FinishReason">Why it stopped, where the file says so: <c>stop</c> or <c>length</c>.</param>
public sealed record RecordedRationale(string Text, string Teacher, string? FinishReason = null);

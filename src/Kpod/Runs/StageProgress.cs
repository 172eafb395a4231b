namespace Kpod.Runs;

/// <summary>How far a stage is.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Loss">Current loss, where there is one.</param>
/// <param name="Note">What else a person wants to see while it goes on, such as the cost so far.</param>
public sealed record StageProgress(long Done, long Total, string Unit, double? Loss = null, string? Note = null);

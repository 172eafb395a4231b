namespace Kpod.Runs;

/// <summary>How far a stage is.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Loss">Current loss, where there is one.</param>
public sealed record StageProgress(long Done, long Total, string Unit, double? Loss = null);

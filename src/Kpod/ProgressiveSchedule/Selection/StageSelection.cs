namespace Kpod.ProgressiveSchedule.Selection;

/// <summary>What was selected at one stage.</summary>
/// <param name="Items">S(t): indices, ascending.</param>
/// <param name="Value">f(S) (<see cref="ScheduleValue.Normalised"/>).</param>
/// <param name="Rise">ΔH(S), in nat.</param>
/// <param name="Queries">How often a gain was asked for.</param>
public sealed record StageSelection(IReadOnlyList<int> Items, double Value, double Rise, long Queries);

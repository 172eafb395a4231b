using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Distillation.Visits;

/// <summary>A rationale with all that the stages before found out about it.</summary>
/// <param name="Rationale">Its tokens.</param>
/// <param name="TokenWeights">w of each rationale token (Eq. 3).</param>
/// <param name="StepEnds">One past the last token of each step, ascending; the last is the number of rationale tokens.</param>
/// <param name="ScheduleIndex">Its index in the schedule's lists.</param>
internal sealed record DistillationItem(EncodedRationale Rationale, IReadOnlyList<double> TokenWeights, IReadOnlyList<int> StepEnds, int ScheduleIndex);

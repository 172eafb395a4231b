using Kpod.Distillation.Options;
using Kpod.ProgressiveSchedule;

namespace Kpod.Distillation.Visits;

/// <summary>What a method is made from.</summary>
/// <param name="Options">The recipe's section.</param>
/// <param name="Schedule">c(t) of every rationale; null for a method that follows none.</param>
internal sealed record MethodInputs(DistillationOptions Options, StageSchedule? Schedule);

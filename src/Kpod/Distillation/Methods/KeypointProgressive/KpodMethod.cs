using Kpod.Distillation.Options;
using Kpod.Distillation.Visits;
using Kpod.ProgressiveSchedule;

namespace Kpod.Distillation.Methods.KeypointProgressive;

/// <summary>The paper's method (Eq. 15): at stage t the first c(t) steps are given, and each token that is written counts by its weight; after stage T all is written.</summary>
internal sealed class KpodMethod : IDistillationMethod
{
    private readonly StageSchedule _schedule;
    private readonly DistillationOptions _options;

    /// <summary>What the list says of it.</summary>
    internal static MethodEntry Entry { get; } = new(
        "KPOD",
        "Keypoint-based progressive chain-of-thought distillation: tokens of the teacher's rationales weigh as much as the answer depends on them, and the "
            + "student writes ever more of each rationale, its last steps first.",
        FollowsSchedule: true,
        inputs => inputs.Schedule is { } schedule ? new KpodMethod(schedule, schedule.StagesPerEpoch, inputs.Options) : throw new ArgumentException("KPOD follows a schedule.", nameof(inputs)));

    /// <summary>Follows a schedule.</summary>
    /// <param name="schedule">c(t) of every rationale.</param>
    /// <param name="stagesPerEpoch">Stages that share an epoch.</param>
    /// <param name="options">What becomes of the weights, and the ablations.</param>
    public KpodMethod(StageSchedule schedule, int stagesPerEpoch, DistillationOptions options)
    {
        _schedule = schedule;
        _options = options;
        StagesPerEpoch = stagesPerEpoch;
    }

    /// <inheritdoc/>
    public int StagesPerEpoch { get; }

    /// <inheritdoc/>
    public DistillationExample Visit(DistillationItem item, int stage) => DistillationExample.Make(item, Weights(item.TokenWeights), GivenSteps(item, stage));

    // Algorithm 1: c_i = c_i(e) if e <= T, else 0.
    private int GivenSteps(DistillationItem item, int stage) =>
        _options.WithoutProgression || stage > _schedule.Stages.Count ? 0 : _schedule.Stages[stage - 1].GivenSteps[item.ScheduleIndex];

    private double[] Weights(IReadOnlyList<double> weights)
    {
        if (_options.UniformWeights)
        {
            return [.. weights.Select(_ => 1.0)];
        }

        var mean = _options.NormalizeWeights ? weights.Average() : 1;
        return [.. weights.Select(weight => (weight / mean) + (_options.Paleness * (1 - (weight / mean))))];
    }
}

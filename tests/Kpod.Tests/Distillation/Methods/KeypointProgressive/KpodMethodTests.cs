using Kpod.Distillation.Methods.KeypointProgressive;
using Kpod.Distillation.Options;
using Kpod.Distillation.Visits;
using Kpod.ProgressiveSchedule;

namespace Kpod.Tests.Distillation.Methods.KeypointProgressive;

public sealed class KpodMethodTests
{
    private static readonly DistillationItem Item = Items.Make("q", 0, [10, 11, 12], stepEnds: [1, 2, 3], weights: [0.2, 0.4, 0.9], scheduleIndex: 1);

    [Fact]
    public void Given_steps_follow_the_schedule_and_are_none_after_it()
    {
        var method = new KpodMethod(Schedule([[0, 3], [0, 2]]), stagesPerEpoch: 1, new DistillationOptions());
        Assert.Equal([3, 2, 0, 0], Enumerable.Range(1, 4).Select(stage => method.Visit(Item, stage).GivenSteps));
    }

    [Fact]
    public void Weights_are_those_of_the_module_unless_asked_otherwise()
    {
        Assert.Equal([0.2f, 0.4f, 0.9f, 1, 1, 1], Weights(new DistillationOptions()));
        Assert.Equal([0.4f, 0.8f, 1.8f, 1, 1, 1], Weights(new DistillationOptions { NormalizeWeights = true }));
        Assert.Equal([0.6f, 0.7f, 0.95f, 1, 1, 1], Weights(new DistillationOptions { Paleness = 0.5 }));
        Assert.Equal([1f, 1, 1, 1, 1, 1], Weights(new DistillationOptions { UniformWeights = true }));
    }

    [Fact]
    public void Without_progression_all_is_written_from_the_start() =>
        Assert.Equal(0, new KpodMethod(Schedule([[0, 3]]), 1, new DistillationOptions { WithoutProgression = true }).Visit(Item, 1).GivenSteps);

    private static float[] Weights(DistillationOptions options) =>
        [.. new KpodMethod(Schedule([]), 1, options).Visit(Item, 1).Weights.Select(weight => MathF.Round(weight, 5))];

    private static StageSchedule Schedule(int[][] givenSteps) => new()
    {
        MaximumDifficulty = 1,
        InitialDifficulty = 0.3,
        GrowthRate = 1,
        GrowthPower = 0.5,
        DiversityWeight = 12,
        Rationales = [],
        InitialGivenSteps = [],
        Warnings = [],
        Stages = [.. givenSteps.Select((given, index) => new StagePlan(index + 1, 1, 1, [], [], given))],
    };
}

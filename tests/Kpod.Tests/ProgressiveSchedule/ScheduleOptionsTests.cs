using Kpod.ProgressiveSchedule;

namespace Kpod.Tests.ProgressiveSchedule;

public sealed class ScheduleOptionsTests
{
    [Fact]
    public void The_defaults_are_the_paper_s_where_it_gives_any()
    {
        var options = new ScheduleOptions();
        Assert.Empty(options.Check());
        Assert.Equal((0.5, 0.3, 12.0, 5, 1), (options.GrowthPower, options.InitialShare, options.DiversityWeight, options.Clusters, options.PerEpoch));
        Assert.Equal((null, 1, 0.1), (options.Stages, options.Released, options.Epsilon));
    }

    [Fact]
    public void Every_value_out_of_range_is_named_with_its_key_value_and_limit()
    {
        var options = new ScheduleOptions
        {
            Stages = 0,
            StagesPerEpoch = -1,
            Clusters = 0,
            StepsPerSelection = 0,
            GrowthPower = -0.5,
            InitialShare = 1.5,
            DiversityWeight = double.NaN,
            Epsilon = 0,
        };
        Assert.Equal(
            [
                "schedule.stages is 0; it must be 1 or more.",
                "schedule.stagesPerEpoch is -1; it must be 1 or more.",
                "schedule.clusters is 0; it must be 1 or more.",
                "schedule.stepsPerSelection is 0; it must be 1 or more.",
                "schedule.growthPower is -0.5; it must be 0 or more.",
                "schedule.initialShare is 1.5; it must lie in [0, 1].",
                "schedule.diversityWeight is NaN; it must be 0 or more.",
                "schedule.epsilon is 0; it must lie above 0 and at most at 0.5.",
            ],
            options.Check());
    }
}

using System.Text.RegularExpressions;
using Kpod.ProgressiveSchedule;
using Kpod.ProgressiveSchedule.Selection;

namespace Kpod.Tests.ProgressiveSchedule;

public sealed partial class UnfinishedScheduleTests
{
    private static readonly double[][] Steps = StagePlannerTests.Draw(new Random(4), 400);

    [Fact]
    public void A_schedule_that_can_finish_says_nothing() =>
        Assert.Empty(StagePlannerTests.Plan(Steps, new ScheduleOptions { Stages = 15 }).Warnings);

    [Fact]
    public void A_starved_schedule_names_the_smallest_values_that_mend_it()
    {
        var options = new ScheduleOptions { StagesPerEpoch = 1 };
        const int epochs = 6;
        var schedule = StagePlannerTests.Plan(Steps, options, epochs: epochs);
        var warning = Assert.Single(schedule.Warnings);
        TestContext.Current.TestOutputHelper!.WriteLine(warning);
        Assert.StartsWith("The schedule cannot finish: at its last stage, T = 3, the student writes 0.", warning, StringComparison.Ordinal);
        var (stages, released, perEpoch) = (Named(warning, "stages"), Named(warning, "stepsPerSelection"), Named(warning, "stagesPerEpoch"));
        AssertSmallest(stages, value => options with { Stages = value });
        AssertSmallest(released, value => options with { StepsPerSelection = value });
        AssertSmallest(perEpoch, value => options with { StagesPerEpoch = value });

        string Warnings(ScheduleOptions other) => string.Concat(StagePlannerTests.Plan(Steps, other, epochs: epochs).Warnings);

        void AssertSmallest(int value, Func<int, ScheduleOptions> with)
        {
            Assert.DoesNotContain("cannot finish", Warnings(with(value)), StringComparison.Ordinal);
            Assert.Contains("cannot finish", Warnings(with(value - 1)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void More_stages_than_the_training_has_need_more_epochs()
    {
        var warning = Assert.Single(StagePlannerTests.Plan(Steps, new ScheduleOptions { Stages = 3 }, epochs: 3).Warnings);
        Assert.Matches(@"schedule\.stages: (\d+) \(with distillation\.epochs: \1 at least\)", warning);
        Assert.DoesNotContain("stagesPerEpoch", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_longer_than_the_training_is_told()
    {
        var warning = Assert.Single(StagePlannerTests.Plan(Steps, new ScheduleOptions { Stages = 15 }, epochs: 10).Warnings);
        Assert.Contains("has 15 stages, the training only 10", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_search_gives_up_where_it_would_take_too_long()
    {
        // 1.1 million rationales: one stage may still be planned, two are too many.
        var steps = Enumerable.Repeat(new[] { 1.0, 1, 1 }, 1_100_000).ToArray();
        var given = Enumerable.Repeat(1, steps.Length).ToArray();
        var last = new StagePlan(1, 0, 1, [], [], given);
        var order = Enumerable.Range(0, steps.Length).ToArray();
        var options = new ScheduleOptions { Stages = 1, StepsPerSelection = 2, Selector = StageSelector.DensityGreedy };
        var warnings = UnfinishedSchedule.Warnings(
            steps, new int[steps.Length], options, 1, (_, _) => order, last, TestContext.Current.CancellationToken);
        Assert.EndsWith("schedule.stepsPerSelection: 3.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static int Named(string warning, string key) =>
        int.Parse(Key().Matches(warning).Single(match => match.Groups[1].Value == key).Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"schedule\.(\w+): (\d+)")]
    private static partial Regex Key();
}

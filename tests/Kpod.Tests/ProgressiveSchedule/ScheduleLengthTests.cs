using Kpod.ProgressiveSchedule;
using Kpod.StepDifficulty;

namespace Kpod.Tests.ProgressiveSchedule;

public sealed class ScheduleLengthTests
{
    [Theory]
    [InlineData(6, 1, 9)]
    [InlineData(20, 1, 9)]
    [InlineData(5, 2, 9)]
    [InlineData(7, 3, 9)]
    [InlineData(6, 1, 30)]
    [InlineData(3, 1, 4)]
    public void Without_keys_the_last_stage_leaves_nothing_unsaid_and_nothing_is_warned_of(int epochs, int perQuestion, int mostSteps)
    {
        var schedule = Plan(Rationales(160, perQuestion, mostSteps), new ScheduleOptions(), epochs);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"T = {schedule.Stages.Count}, {schedule.StagesPerEpoch} an epoch, Delta_s = {schedule.StepsPerSelection}: H/B before the last stage {schedule.Stages[^2].Difficulty / schedule.MaximumDifficulty:0.00}");
        Assert.Empty(schedule.Warnings);
        Assert.All(schedule.Stages[^1].GivenSteps, given => Assert.Equal(0, given));
        Assert.Equal(schedule.MaximumDifficulty, schedule.Stages[^1].Difficulty, 1e-6);
        Assert.True(schedule.Stages.Count >= 10);

        // Two visits of each rationale while it is partly given, and an epoch of whole ones behind them.
        var progressive = schedule.Stages.Count / schedule.StagesPerEpoch;
        Assert.InRange(progressive, 2 * perQuestion, epochs - 1);
        Assert.True(progressive >= epochs / 2);

        // The stage rule comes there by itself: the last stage need not force much.
        var longest = schedule.Stages[^1].GivenSteps.Zip(schedule.Stages[^2].GivenSteps, (after, before) => before - after).Count(released => released > schedule.StepsPerSelection);
        Assert.True(longest <= schedule.Rationales.Count * 0.1, $"{longest} of {schedule.Rationales.Count} are handed over at once");
    }

    [Fact]
    public void A_selection_hands_over_one_step_unless_that_takes_too_many_stages()
    {
        Assert.Equal(1, Plan(Rationales(160, 1, 9), new ScheduleOptions(), 6).StepsPerSelection);
        Assert.True(Plan(Rationales(160, 1, 60), new ScheduleOptions(), 4).StepsPerSelection > 1);
    }

    [Fact]
    public void A_key_that_is_given_brings_the_paper_s_values_for_the_others()
    {
        var rationales = Rationales(40, 1, 3);
        var paper = Plan(rationales, new ScheduleOptions { StagesPerEpoch = 1 }, 20);
        Assert.Equal((10, 1, 1), (paper.Stages.Count, paper.StagesPerEpoch, paper.StepsPerSelection));
        var two = Plan(rationales, new ScheduleOptions { StepsPerSelection = 2 }, 20);
        Assert.Equal((10, 1, 2), (two.Stages.Count, two.StagesPerEpoch, two.StepsPerSelection));
        var seven = Plan(rationales, new ScheduleOptions { Stages = 7 }, 20);
        Assert.Equal((7, 1, 1), (seven.Stages.Count, seven.StagesPerEpoch, seven.StepsPerSelection));
    }

    [Fact]
    public void A_single_epoch_progresses_over_its_first_half() =>
        Assert.Equal(0.5, Plan(Rationales(400, 1, 5), new ScheduleOptions(), 1) is var schedule ? schedule.Stages.Count / (double)schedule.StagesPerEpoch : 0);

    [Fact]
    public void Too_few_epochs_for_several_visits_are_told_with_the_number_that_would_do()
    {
        var warning = Assert.Single(Plan(Rationales(160, 2, 5), new ScheduleOptions(), 3).Warnings);
        Assert.StartsWith("Until stage T a rationale is visited 1 times on average (3 epochs, 2 rationales a question)", warning, StringComparison.Ordinal);
        Assert.Contains("With distillation.epochs: 5, or", warning, StringComparison.Ordinal);
        Assert.Empty(Plan(Rationales(160, 2, 5), new ScheduleOptions(), 5).Warnings);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(12.0)]
    public void Every_stage_that_has_room_for_a_step_selects_something(double diversityWeight)
    {
        // Ground set of a stage: rationales with a given step whose rise fits into D(t) - H(t-1).
        for (var seed = 1; seed <= 10; seed++)
        {
            var rationales = Rationales(60, 1, 7, seed);
            var schedule = Plan(rationales, new ScheduleOptions { Stages = 30, StagesPerEpoch = 2, DiversityWeight = diversityWeight }, 30, seed);
            var (given, written) = (schedule.InitialGivenSteps, Written(rationales, schedule.InitialGivenSteps));
            foreach (var stage in schedule.Stages)
            {
                var room = stage.Ceiling - written;
                var fits = rationales.Where((rationale, item) => given[item] > 0 && rationale.Steps[given[item] - 1].Difficulty <= room * (1 - 1e-9)).Any();
                Assert.True(!fits || stage.Selected.Count > 0, $"seed {seed}, stage {stage.Stage}: nothing selected though something fits");
                (given, written) = (stage.GivenSteps, stage.Difficulty);
            }
        }
    }

    private static double Written(IReadOnlyList<RationaleDifficulty> rationales, IReadOnlyList<int> given) =>
        rationales.Zip(given, (rationale, steps) => rationale.Steps.Skip(steps).Sum(step => step.Difficulty)).Sum();

    private static RationaleDifficulty[] Rationales(int questions, int perQuestion, int mostSteps, int seed = 5)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, questions * perQuestion).Select(item => new RationaleDifficulty
            {
                QuestionId = $"q{item / perQuestion}",
                Sample = item % perQuestion,
                Steps = [.. Enumerable.Range(0, random.Next(1, mostSteps + 1)).Select(step => new StepWithDifficulty(step, step + 1, step, step + 1, StagePlannerTests.DrawDifficulty(random)))],
            }),
        ];
    }

    private static StageSchedule Plan(IReadOnlyList<RationaleDifficulty> rationales, ScheduleOptions options, int epochs, int seed = 1) => StagePlanner.Plan(
        rationales, [.. rationales.Select((_, item) => item % options.Clusters)], options, epochs, seed, cancel: TestContext.Current.CancellationToken);
}

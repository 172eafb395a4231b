using System.Text.Json;
using CsCheck;
using Kpod.Files;
using Kpod.ProgressiveSchedule;
using Kpod.ProgressiveSchedule.Selection;
using Kpod.StepDifficulty;
using Kpod.Testing;

namespace Kpod.Tests.ProgressiveSchedule;

public sealed class StagePlannerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Any_plan_keeps_to_its_curve_and_moves_one_way()
    {
        var step = Gen.Frequency((1, Gen.Const(0.0)), (8, Gen.Double[0.001, 3]), (1, Gen.Double[5, 50]));
        var options = Gen.Select(
            Gen.Int[1, 12],
            Gen.Double[0, 2],
            Gen.Double[0, 1],
            Gen.OneOf(0.0, 1, 12),
            Gen.Int[1, 3],
            Gen.Enum<InitialSelection>(),
            Gen.Enum<StageSelector>(),
            (stages, growthPower, initialShare, diversityWeight, stepsPerSelection, initialSelection, selector) => new ScheduleOptions
            {
                Stages = stages,
                GrowthPower = growthPower,
                InitialShare = initialShare,
                DiversityWeight = diversityWeight,
                StepsPerSelection = stepsPerSelection,
                InitialSelection = initialSelection,
                Selector = selector,
                Clusters = 3,
            });
        var rationales = step.Array[1, 8].Array[1, 25];
        Gen.Select(rationales, options, Gen.Int[0, 100]).Sample((steps, option, seed) => AssertSound(steps, option, Plan(steps, option, seed)), iter: 400);
    }

    [Fact]
    public void The_same_seed_gives_the_same_plan()
    {
        var steps = Draw(new Random(1), 80);
        var options = new ScheduleOptions { DiversityWeight = 0 };
        Assert.Equal(JsonArtefact.ToLine(Plan(steps, options, 4)), JsonArtefact.ToLine(Plan(steps, options, 4)));
        Assert.NotEqual(JsonArtefact.ToLine(Plan(steps, options, 4)), JsonArtefact.ToLine(Plan(steps, options, 5)));
    }

    [Fact]
    public void A_plan_survives_its_file()
    {
        using var folder = new TemporaryFolder();
        var schedule = Plan(Draw(new Random(2), 30), new ScheduleOptions { Stages = 2 });
        JsonArtefact.Write(folder.PathOf("schedule.json"), schedule);
        Assert.Equal(JsonArtefact.ToLine(schedule), JsonArtefact.ToLine(JsonArtefact.Read<StageSchedule>(folder.PathOf("schedule.json"))));
    }

    [Fact]
    public void Only_steps_really_released_are_charged()
    {
        // Delta_s = 3 over the two steps that are there; budget from C_0 = 0 is D(1) = B = 3, so both go at once.
        var schedule = Plan([[1, 2]], new ScheduleOptions { Stages = 1, StepsPerSelection = 3, InitialShare = 0 });
        Assert.Equal([2], schedule.InitialGivenSteps);
        Assert.Equal([0], schedule.Stages[0].GivenSteps);
        Assert.Equal(3, schedule.Stages[0].Difficulty, 1e-12);
    }

    [Fact]
    public void Last_steps_are_handed_over_first_and_unspent_budget_is_carried_over()
    {
        // B = 10, C_0 = 0, p = 0: D = 2.5, 5, 7.5, 10. The last step costs 4: nothing fits at stage 1, it goes at stage 2; then 6 in one piece at stage 4.
        var schedule = Plan([[6, 4]], new ScheduleOptions { Stages = 4, GrowthPower = 0, InitialShare = 0 });
        Assert.Equal([2, 1, 1, 0], schedule.Stages.Select(stage => stage.GivenSteps[0]));
        Assert.Equal([0.0, 4, 4, 10], schedule.Stages.Select(stage => stage.Difficulty));
        Assert.Equal([0, 1, 0, 1], schedule.Stages.Select(stage => stage.Selected.Count));
        Assert.Equal([[0, 0, 0, 0, 0], [1, 0, 0, 0, 0]], schedule.Stages.Take(2).Select(stage => stage.SelectedPerCluster));
    }

    [Fact]
    public void A_rationale_that_is_written_whole_is_not_selected_again()
    {
        var schedule = Plan([[1], [1, 1, 1, 1]], new ScheduleOptions { Stages = 6, InitialShare = 0.4 });
        Assert.All(schedule.Stages.Zip(schedule.Stages.Skip(1)), pair => Assert.DoesNotContain(pair.Second.Selected, item => pair.First.GivenSteps[item] == 0));
    }

    [Theory]
    [InlineData(InitialSelection.AnswerOnly, new[] { 4, 2, 1 })]
    [InlineData(InitialSelection.LastStepOutput, new[] { 3, 1, 0 })]
    [InlineData(InitialSelection.Proportional, new[] { 3, 2, 1 })]
    public void The_initial_selection_is_the_one_asked_for(InitialSelection selection, int[] expected)
    {
        // Proportional at 0.3: of [1 1 1 1] one step (0.25; two are 0.5), of [1 9] none (0.9), of [2] none.
        var schedule = Plan([[1, 1, 1, 1], [1, 9], [2]], new ScheduleOptions { InitialSelection = selection });
        Assert.Equal(expected, schedule.InitialGivenSteps);
    }

    [Fact]
    public void The_initial_selections_meet_by_stage_2()
    {
        var steps = Draw(new Random(9), 300);
        foreach (var selection in Enum.GetValues<InitialSelection>())
        {
            var plan = Plan(steps, new ScheduleOptions { Stages = 10, InitialSelection = selection });
            var filled = plan.Stages.Take(3).Select(stage => stage.Difficulty / stage.Ceiling).ToArray();
            TestContext.Current.TestOutputHelper!.WriteLine($"{selection}: {string.Join(" ", filled.Select(share => $"{share:0.000}"))}");
            Assert.True(filled[1] > 0.97);
        }
    }

    [Fact]
    public void Repeated_selection_uses_the_initial_difficulty_up()
    {
        var steps = Draw(new Random(10), 300);
        var schedule = Plan(steps, new ScheduleOptions());
        Assert.InRange(Written(steps, schedule.InitialGivenSteps), 0.99 * schedule.InitialDifficulty, schedule.InitialDifficulty * (1 + 1e-9));
    }

    [Fact]
    public void Stage_T_may_hand_over_all_that_is_left()
    {
        var schedule = Plan([[1, 1, 1, 1, 1, 1, 1, 1], [1]], new ScheduleOptions { Stages = 2, ForceZeroAtEnd = true });
        Assert.Equal([0, 0], schedule.Stages[^1].GivenSteps);
        Assert.Equal(schedule.MaximumDifficulty, schedule.Stages[^1].Difficulty, 1e-12);
        Assert.Contains(0, schedule.Stages[^1].Selected);
        Assert.Empty(schedule.Warnings);
    }

    [Theory]
    [InlineData(20, 1, null, 10)]
    [InlineData(3, 1, null, 1)]
    [InlineData(3, 2, null, 3)]
    [InlineData(1, 1, null, 1)]
    [InlineData(3, 2, 5, 5)]
    public void T_is_half_of_the_training_unless_it_is_given(int epochs, int perEpoch, int? stages, int expected)
    {
        var options = new ScheduleOptions { Stages = stages, StagesPerEpoch = perEpoch };
        Assert.Equal(expected, options.StageCount(epochs));
        Assert.Equal(expected, StagePlanner.Plan(Rationales([[1, 1], [2]]), [0, 0], options, epochs, seed: 1, cancel: Cancel).Stages.Count);
    }

    [Fact]
    public void What_cannot_be_planned_is_named_all_at_once()
    {
        var rationales = Rationales([[1], [], [1, double.NaN], [-1]]);
        var options = new ScheduleOptions { Clusters = 0, Epsilon = 0.6 };
        var message = Assert.Throws<KpodException>(() => StagePlanner.Plan(rationales, [0, 0, 0, 0], options, 4, seed: 1, cancel: Cancel)).Message;
        Assert.Contains("schedule.clusters is 0; it must be 1 or more.", message, StringComparison.Ordinal);
        Assert.Contains("schedule.epsilon is 0.6; it must lie above 0 and at most at 0.5.", message, StringComparison.Ordinal);
        Assert.Contains("rationale q1#0 has no steps.", message, StringComparison.Ordinal);
        Assert.Contains("rationale q2#0 has a step of difficulty NaN", message, StringComparison.Ordinal);
        Assert.Contains("rationale q3#0 has a step of difficulty -1", message, StringComparison.Ordinal);
        Assert.Throws<KpodException>(() => StagePlanner.Plan([], [], new ScheduleOptions(), 4, seed: 1, cancel: Cancel));
        Assert.Throws<ArgumentException>(() => StagePlanner.Plan(Rationales([[1]]), [], new ScheduleOptions(), 4, seed: 1, cancel: Cancel));
        Assert.Throws<ArgumentException>(() => StagePlanner.Plan(Rationales([[1]]), [5], new ScheduleOptions(), 4, seed: 1, cancel: Cancel));
    }

    [Fact]
    public void A_wish_to_stop_is_heard() => Assert.Throws<OperationCanceledException>(() =>
        StagePlanner.Plan(Rationales([[1]]), [0], new ScheduleOptions(), 4, seed: 1, cancel: new CancellationToken(canceled: true)));

    internal static IReadOnlyList<RationaleDifficulty> Rationales(double[][] steps) => [.. steps.Select((ofRationale, item) => new RationaleDifficulty
    {
        QuestionId = $"q{item}",
        Sample = 0,
        Steps = [.. ofRationale.Select((difficulty, step) => new StepWithDifficulty(step, step + 1, step, step + 1, difficulty))],
    })];

    internal static StageSchedule Plan(double[][] steps, ScheduleOptions options, int seed = 1, int epochs = 20) => StagePlanner.Plan(
        Rationales(steps), [.. steps.Select((_, item) => item % Math.Min(3, options.Clusters))], options, epochs, seed, cancel: Cancel);

    /// <summary>Step counts and difficulties as a data set like SVAMP or GSM8K has them.</summary>
    internal static double[][] Draw(Random random, int count, int mostSteps = 9) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(1, mostSteps + 1)).Select(_ => DrawDifficulty(random)).ToArray())];

    /// <summary>Gamma(2, 0.35) above 0.02, in nat.</summary>
    internal static double DrawDifficulty(Random random) => 0.02 - (0.35 * Math.Log(1 - random.NextDouble())) - (0.35 * Math.Log(1 - random.NextDouble()));

    private static void AssertSound(double[][] steps, ScheduleOptions options, StageSchedule schedule)
    {
        var maximum = steps.Sum(ofRationale => ofRationale.Sum());
        Assert.Equal(maximum, schedule.MaximumDifficulty, 1e-9);
        Assert.Equal(maximum, schedule.Rationales.Sum(rationale => rationale.Difficulty), 1e-9);
        Assert.Equal(options.InitialShare * maximum, schedule.InitialDifficulty, 1e-9);
        Assert.Equal(maximum, schedule.Stages[^1].Ceiling, 1e-9);
        var before = schedule.InitialGivenSteps;
        Assert.All(before.Zip(steps), pair => Assert.InRange(pair.First, 0, pair.Second.Length));
        foreach (var stage in schedule.Stages)
        {
            Assert.Equal(Written(steps, stage.GivenSteps), stage.Difficulty, 1e-9);

            // A start with every last step written may lie above the curve; then the stage waits.
            Assert.True(stage.Difficulty <= Math.Max(stage.Ceiling, Written(steps, before)) * (1 + 1e-9), "H(t) <= D(t)");
            Assert.Equal(stage.Selected.Count, stage.SelectedPerCluster.Sum());
            var selected = stage.Selected.ToHashSet();
            for (var item = 0; item < steps.Length; item++)
            {
                Assert.Equal(selected.Contains(item) ? Math.Max(0, before[item] - options.Released) : before[item], stage.GivenSteps[item]);
                Assert.True(before[item] > 0 || !selected.Contains(item));
            }

            before = stage.GivenSteps;
        }
    }

    private static double Written(double[][] steps, IReadOnlyList<int> given) => steps.Select((ofRationale, item) => ofRationale.Skip(given[item]).Sum()).Sum();

    private static int[] Ints(JsonElement record, string name) => [.. record.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];
}

using System.Globalization;
using Kpod.ProgressiveSchedule;

namespace Kpod.Tests.ProgressiveSchedule;

public sealed class ScheduleTableTests
{
    // Two rationales of 10 and 30 nat; stage 2 leaves room, stage 3 fills B.
    private static readonly StageSchedule Schedule = new()
    {
        MaximumDifficulty = 40,
        InitialDifficulty = 12,
        GrowthRate = 8.08,
        GrowthPower = 0.5,
        DiversityWeight = 12,
        Rationales = [new ScheduledRationale("a", 0, 2, 0, 10), new ScheduledRationale("b", 0, 3, 1, 30)],
        InitialGivenSteps = [2, 2],
        Stages =
        [
            new StagePlan(1, 17.4, 17, [0], [1, 0], [1, 2]),
            new StagePlan(2, 27.2, 22, [1], [0, 1], [1, 1]),
            new StagePlan(3, 40, 40, [0, 1], [1, 1], [0, 0]),
        ],
        Warnings = ["Something is to be known."],
    };

    [Fact]
    public void A_schedule_is_a_line_a_stage_and_a_curve()
    {
        const string expected =
            """
            2 rationales, 5 steps, B = 40.0 nat, C_0 = 12.0 nat, T = 3 (1 an epoch), Delta_s = 1, p = 0.5, beta = 12

            stage  D(t)  H(t)      H/B  |S(t)|  given    whole  C1  C2
                0  12.0                          2.00    0.0 %
                1  17.4  17.0   42.5 %       1   1.50    0.0 %   1   0
                2  27.2  22.0   55.0 %       1   1.00    0.0 %   0   1
                3  40.0  40.0  100.0 %       2   0.00  100.0 %   1   1
            given: mean number of steps that are input; whole: share of the rationales that the student writes whole; C: selections per cluster

                B ┤            ██████
                  ┤            ██████
                  ┤            ██████
                  ┤      ░░░░░░██████
                  ┤      ▄▄▄▄▄▄██████
              B/2 ┤▂▂▂▂▂▂████████████
                  ┤██████████████████
                  ┤██████████████████
                  ┤██████████████████
                  ┤██████████████████
                0 └──────────────────
                   1                3  stage
            █ H(t), what the student writes   ░ room up to D(t) that no selection could fill

            Warning: Something is to be known.

            """;
        Assert.Equal(expected, ScheduleTable.Render(Schedule));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(8)]
    public void The_curve_fits_the_terminal_and_ends_with_the_last_stage(int width)
    {
        var schedule = StagePlannerTests.Plan(StagePlannerTests.Draw(new Random(1), 60), new ScheduleOptions { Stages = 50 }, epochs: 100);
        var curve = ScheduleTable.Render(schedule, width).Split('\n').Where(line => line.AsSpan().ContainsAny('┤', '└')).ToArray();
        Assert.Equal(11, curve.Length);
        Assert.All(curve, line => Assert.InRange(line.Length, 1, width));
        Assert.EndsWith("█", curve[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var expected = ScheduleTable.Render(Schedule);
        var before = CultureInfo.CurrentCulture;
        try
        {
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = german;
            Assert.Equal(expected, ScheduleTable.Render(Schedule));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}

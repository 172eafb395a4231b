using Kpod.ProgressiveSchedule.Selection;

namespace Kpod.Tests.ProgressiveSchedule.Selection;

public sealed class ScheduleValueTests
{
    [Fact]
    public void Equation_12_by_hand()
    {
        // Two of cluster 0, one of cluster 2: 0.5 + 0.25 + 2 + 12 (sqrt 2 + 0 + 1).
        var value = new ScheduleValue([0.5, 0.25, 1, 2], [0, 0, 1, 2], 3, 12);
        Assert.Equal(2.75 + (12 * (Math.Sqrt(2) + 1)), value.Normalised([0, 1, 3]), 1e-12);
        Assert.Equal(2.75, value.Rise([0, 1, 3]), 1e-12);
        Assert.Equal(-(5 - 2.75) + (12 * (Math.Sqrt(2) + 1)), value.Printed([0, 1, 3], 5), 1e-12);
        Assert.Equal(0, value.Normalised([]));
        Assert.Equal(-5, value.Printed([], 5));
    }

    [Fact]
    public void It_is_monotone_and_submodular_and_gains_add_up_to_it()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 500; trial++)
        {
            var problem = Problem.Draw(random, 8);
            var value = problem.Value;
            var items = problem.VisitOrder;
            var (small, large) = (new GrowingSelection(value), new GrowingSelection(value));
            foreach (var item in items[..(items.Length / 2)])
            {
                large.Add(item);
                if (random.Next(2) == 0)
                {
                    small.Add(item);
                }
            }

            foreach (var item in items[(items.Length / 2)..])
            {
                Assert.True(large.Gain(item) >= 0);
                Assert.True(small.Gain(item) >= large.Gain(item) - 1e-12);
                var before = large.Value;
                var gain = large.Gain(item);
                large.Add(item);
                Assert.Equal(gain, large.Value - before, 1e-9);
            }

            var all = large.Value;
            Assert.Equal(value.Normalised(items), all, 1e-9);
            Assert.Equal(value.Rise(items), large.Cost, 1e-9);
        }
    }

    [Fact]
    public void The_printed_value_has_the_same_maximiser()
    {
        var random = new Random(2);
        for (var trial = 0; trial < 100; trial++)
        {
            var problem = Problem.Draw(random, 8);
            var value = problem.Value;
            int[][] feasible = [.. Enumerable.Range(0, 1 << problem.Costs.Length)
                .Select(mask => Enumerable.Range(0, problem.Costs.Length).Where(item => (mask >> item & 1) != 0).ToArray())
                .Where(items => value.Rise(items) <= problem.Budget)];
            Assert.Equal(feasible.MaxBy(items => value.Normalised(items)), feasible.MaxBy(items => value.Printed(items, problem.Budget)));
        }
    }

    [Fact]
    public void Lists_of_different_length_are_refused() => Assert.Throws<ArgumentException>(() => new ScheduleValue([1, 2], [0], 1, 12));
}

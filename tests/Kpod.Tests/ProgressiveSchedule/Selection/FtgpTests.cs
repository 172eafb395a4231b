using System.Text.Json;
using Kpod.ProgressiveSchedule.Selection;
using Kpod.Testing;

namespace Kpod.Tests.ProgressiveSchedule.Selection;

public sealed class FtgpTests
{
    [Fact]
    public void Recorded_optima_are_what_trying_everything_gives()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "schedule", "ftgp.json")));
        var solved = document.RootElement.EnumerateArray().Where(recorded => recorded.GetProperty("optimum").ValueKind == JsonValueKind.Number).ToArray();
        Assert.True(solved.Length >= 10);
        foreach (var recorded in solved)
        {
            var problem = new Problem(
                Doubles(recorded, "cost"),
                Ints(recorded, "cluster"),
                recorded.GetProperty("clusters").GetInt32(),
                recorded.GetProperty("beta").GetDouble(),
                recorded.GetProperty("budget").GetDouble(),
                recorded.GetProperty("epsilon").GetDouble(),
                Ints(recorded, "visit_order"));
            var optimum = recorded.GetProperty("optimum").GetDouble();
            Assert.Equal(optimum, problem.Optimum().Value, 1e-9);
            Assert.InRange(problem.Ftgp().Value, ((0.5 - problem.Epsilon) * optimum) - 1e-9, optimum + 1e-9);
        }
    }

    [Fact]
    public void The_value_is_at_least_a_half_less_epsilon_of_the_best_within_the_budget()
    {
        var random = new Random(3);
        var (worst, sum, count) = (1.0, 0.0, 0);
        for (var trial = 0; trial < 1500; trial++)
        {
            var problem = Problem.Draw(random, trial % 10 == 0 ? 12 : 9);
            var selection = problem.Ftgp();
            AssertFeasible(problem, selection);
            if (problem.Optimum().Value is var optimum && optimum > 0)
            {
                var ratio = selection.Value / optimum;
                Assert.True(ratio >= 0.5 - problem.Epsilon - 1e-9, $"{ratio} with epsilon {problem.Epsilon}: {JsonSerializer.Serialize(problem)}");
                (worst, sum, count) = (Math.Min(worst, ratio), sum + ratio, count + 1);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{count} problems: worst ratio {worst:0.000}, mean {sum / count:0.0000}");
        Assert.True(count > 1000);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void It_asks_for_no_more_gains_than_its_complexity_allows(double epsilon)
    {
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var random = new Random(seed);
            var problem = Large(random, 500, 0.02 + (0.5 * random.NextDouble())) with { Epsilon = epsilon };
            var passes = Math.Ceiling(Math.Log(8 / (epsilon * (1 - epsilon))) / -Math.Log(1 - epsilon));
            var prefixes = Math.Ceiling(Math.Log(1 / epsilon) / Math.Log(1 + epsilon)) + 2;
            var selection = problem.Ftgp();
            AssertFeasible(problem, selection);
            Assert.InRange(selection.Queries, 500, (long)(500 * (1 + passes + prefixes)));
        }
    }

    [Fact]
    public void The_same_order_of_visits_gives_the_same_selection_and_another_order_decides_ties_otherwise()
    {
        var problem = Large(new Random(5), 200, 0.1) with { DiversityWeight = 0 };
        Assert.Equal(problem.Ftgp().Items, problem.Ftgp().Items);
        Assert.NotEqual(problem.Ftgp().Items, (problem with { VisitOrder = [.. problem.VisitOrder.Reverse()] }).Ftgp().Items);
    }

    [Fact]
    public void Without_diversity_the_budget_is_all_but_filled()
    {
        var problem = Large(new Random(6), 400, 0.1) with { DiversityWeight = 0 };
        var selection = problem.Ftgp();
        Assert.Equal(selection.Rise, selection.Value, 1e-9);
        Assert.True(selection.Rise > 0.98 * problem.Budget);
    }

    [Fact]
    public void With_diversity_the_cheap_steps_of_every_cluster_come_first()
    {
        var problem = Large(new Random(7), 400, 0.1);
        var selection = problem.Ftgp();
        Assert.Equal(problem.ClusterCount, selection.Items.Select(item => problem.Clusters[item]).Distinct().Count());
        Assert.True(selection.Items.Average(item => problem.Costs[item]) < 0.7 * problem.Costs.Average());
    }

    [Fact]
    public void The_third_phase_finds_what_the_first_two_do_not()
    {
        // The first two phases end with {1, 2}: 5 + 1 + 2 + 2 = 10, for by density 5 stands before 8, which then does not fit. Adding 8 to the prefix {2} gives 8 + 1 + 2 + 2 = 13.
        var problem = new Problem([8, 5, 1], [0, 0, 1], 2, 2, 10, 0.1, [0, 1, 2]);
        Assert.Equal([0, 2], problem.Ftgp().Items);
        Assert.Equal(13, problem.Ftgp().Value, 1e-12);
        Assert.Equal(13, problem.Optimum().Value, 1e-12);
        Assert.Equal([1, 2], problem.DensityGreedy().Items);
    }

    [Fact]
    public void One_cluster_works_like_any_number()
    {
        var problem = new Problem([1, 2, 3, 4], [0, 0, 0, 0], 1, 12, 6, 0.1, [0, 1, 2, 3]);
        Assert.Equal([0, 1, 2], problem.Ftgp().Items);
    }

    [Fact]
    public void One_huge_rationale_does_not_hide_behind_small_ones()
    {
        // Small ones are denser (1 + 0.1 / 0.01 against about 1), but the huge one is nearly all the value that fits.
        var problem = new Problem([0.01, 0.01, 10], [0, 0, 0], 1, 0.1, 10, 0.1, [0, 1, 2]);
        Assert.Contains(2, problem.Ftgp().Items);
        Assert.DoesNotContain(2, problem.DensityGreedy().Items);
    }

    [Fact]
    public void What_costs_nothing_is_selected_and_its_cluster_counts_as_started()
    {
        // Cluster 0 has a free one, so 1 and 2, alike but for their cluster, are told apart: the second of cluster 0 earns less.
        foreach (var order in new int[][] { [1, 2, 0], [2, 1, 0] })
        {
            var problem = new Problem([0, 1, 1], [0, 0, 1], 2, 12, 1, 0.1, order);
            var selection = problem.Ftgp();
            Assert.Equal([0, 2], selection.Items);
            Assert.Equal(25, selection.Value, 1e-12);
            Assert.Equal([0, 2], problem.DensityGreedy().Items);
            Assert.Equal([0], (problem with { Budget = 0.5 }).Ftgp().Items);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Without_budget_nothing_is_selected_not_even_what_is_free(double budget)
    {
        var problem = new Problem([0, 1], [0, 0], 1, 12, budget, 0.1, [0, 1]);
        Assert.Empty(problem.Ftgp().Items);
        Assert.Empty(problem.DensityGreedy().Items);
    }

    [Fact]
    public void What_does_not_fit_or_is_not_visited_is_left()
    {
        Assert.Empty(new Problem([2, 3], [0, 0], 1, 12, 1, 0.1, [0, 1]).Ftgp().Items);
        Assert.Equal([1], new Problem([1, 1], [0, 0], 1, 12, 5, 0.1, [1]).Ftgp().Items);
        Assert.Empty(new Problem([1, 1], [0, 0], 1, 12, 5, 0.1, []).Ftgp().Items);
    }

    [Fact]
    public void A_sum_that_exceeds_the_budget_by_rounding_alone_fits()
    {
        var problem = new Problem([0.1, 0.2], [0, 0], 1, 12, 0.3, 0.1, [0, 1]);
        Assert.Equal([0, 1], problem.Ftgp().Items);
        Assert.Single((problem with { Budget = 0.3 * (1 - 1e-8) }).Ftgp().Items);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public void Epsilon_has_its_range(double epsilon) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Problem([1], [0], 1, 12, 5, epsilon, [0]).Ftgp());

    [Fact]
    public void The_plain_greedy_is_feasible_takes_the_densest_first_and_comes_close()
    {
        var random = new Random(8);
        for (var trial = 0; trial < 300; trial++)
        {
            var problem = Problem.Draw(random, 10);
            AssertFeasible(problem, problem.DensityGreedy());
        }

        var problems = Enumerable.Range(0, 20).Select(seed => Large(new Random(seed), 800, 0.1));
        var ratios = problems.Select(problem => problem.DensityGreedy().Value / problem.Ftgp().Value).ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine($"greedy / FTGP: {ratios.Min():0.0000} to {ratios.Max():0.0000}");
        Assert.All(ratios, ratio => Assert.InRange(ratio, 0.985, 1.05));

        // Density 1 + 12/1, then 1 + 12/1.5 in the other cluster, then 1 + 12 (sqrt 2 - 1)/1.2; cost 3.7 of 4, so 0.9 fits no more.
        Assert.Equal([0, 1, 3], new Problem([1, 1.2, 2, 1.5], [0, 0, 0, 1], 2, 12, 4, 0.1, [0, 1, 2, 3]).DensityGreedy().Items);
    }

    private static Problem Large(Random random, int count, double budgetShare)
    {
        double[] costs = [.. Enumerable.Range(0, count).Select(_ => StagePlannerTests.DrawDifficulty(random))];
        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return new Problem(costs, [.. costs.Select(_ => random.Next(5))], 5, 12, budgetShare * costs.Sum(), 0.1, order);
    }

    private static void AssertFeasible(Problem problem, StageSelection selection)
    {
        Assert.Equal(selection.Items.Distinct().Order(), selection.Items);
        Assert.True(selection.Items.All(problem.VisitOrder.Contains));
        Assert.True(selection.Rise <= problem.Budget * (1 + 1e-9));
        Assert.Equal(problem.Value.Normalised(selection.Items), selection.Value, 1e-9);
    }

    private static double[] Doubles(JsonElement record, string name) => [.. record.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private static int[] Ints(JsonElement record, string name) => [.. record.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];
}

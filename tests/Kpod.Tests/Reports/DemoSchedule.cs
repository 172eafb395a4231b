using Kpod.ProgressiveSchedule;
using Kpod.StepDifficulty;

namespace Kpod.Tests.Reports;

/// <summary>A made-up schedule: cheapest next step first, within the budget of Eq. 10.</summary>
internal static class DemoSchedule
{
    private const int Clusters = 5;

    public static StageSchedule Make(IReadOnlyList<RationaleDifficulty> difficulties, int stages)
    {
        var all = difficulties.Sum(item => item.Steps.Sum(step => step.Difficulty));
        var initial = 0.3 * all;
        var growth = (all - initial) * 1.5 / Math.Pow(stages, 1.5);
        var given = difficulties.Select(item => item.Steps.Count).ToArray();
        while (Release(difficulties, given, initial).Count > 0)
        {
            // Until nothing more fits into the first budget.
        }

        int[] atStart = [.. given];
        var plans = new List<StagePlan>();
        for (var stage = 1; stage <= stages; stage++)
        {
            var ceiling = (growth * Math.Pow(stage, 1.5) / 1.5) + initial;
            var selected = Release(difficulties, given, ceiling);
            selected.Sort();
            plans.Add(new StagePlan(stage, ceiling, Asked(difficulties, given), selected, [.. Enumerable.Range(0, Clusters).Select(cluster => selected.Count(item => ClusterOf(item) == cluster))], [.. given]));
        }

        return new StageSchedule
        {
            MaximumDifficulty = all,
            InitialDifficulty = initial,
            GrowthRate = growth,
            GrowthPower = 0.5,
            DiversityWeight = 12,
            Rationales = [.. difficulties.Select((item, index) => new ScheduledRationale(item.QuestionId, item.Sample, item.Steps.Count, ClusterOf(index), item.Steps.Sum(step => step.Difficulty)))],
            InitialGivenSteps = atStart,
            Stages = plans,
            Warnings = [],
        };
    }

    private static List<int> Release(IReadOnlyList<RationaleDifficulty> difficulties, int[] given, double ceiling)
    {
        var budget = ceiling - Asked(difficulties, given);
        var selected = new List<int>();
        foreach (var item in Enumerable.Range(0, given.Length).Where(item => given[item] > 0).OrderBy(item => difficulties[item].Steps[given[item] - 1].Difficulty))
        {
            var cost = difficulties[item].Steps[given[item] - 1].Difficulty;
            if (cost <= budget)
            {
                budget -= cost;
                given[item]--;
                selected.Add(item);
            }
        }

        return selected;
    }

    private static double Asked(IReadOnlyList<RationaleDifficulty> difficulties, int[] given) =>
        difficulties.Select((item, index) => item.Steps.Skip(given[index]).Sum(step => step.Difficulty)).Sum();

    private static int ClusterOf(int item) => item * 7 % 11 % Clusters;
}

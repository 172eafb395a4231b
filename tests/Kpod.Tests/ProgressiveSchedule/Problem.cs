using Kpod.ProgressiveSchedule.Selection;

namespace Kpod.Tests.ProgressiveSchedule;

/// <summary>A selection problem, made up or recorded, small enough to be solved by trying everything.</summary>
internal sealed record Problem(double[] Costs, int[] Clusters, int ClusterCount, double DiversityWeight, double Budget, double Epsilon, int[] VisitOrder)
{
    public ScheduleValue Value => new(Costs, Clusters, ClusterCount, DiversityWeight);

    public StageSelection Ftgp() => Kpod.ProgressiveSchedule.Selection.Ftgp.Select(Value, Budget, Epsilon, VisitOrder);

    public StageSelection DensityGreedy() => Kpod.ProgressiveSchedule.Selection.DensityGreedy.Select(Value, Budget, VisitOrder);

    /// <summary>The best selection, by trying all 2^n.</summary>
    public (double Value, int[] Items) Optimum()
    {
        var value = Value;
        var best = (Value: 0.0, Items: Array.Empty<int>());
        for (var mask = 0; mask < 1 << Costs.Length; mask++)
        {
            int[] items = [.. Enumerable.Range(0, Costs.Length).Where(item => (mask >> item & 1) != 0)];
            if (value.Rise(items) <= Budget * (1 + 1e-9) && value.Normalised(items) is var worth && worth > best.Value)
            {
                best = (worth, items);
            }
        }

        return best;
    }

    /// <summary>Draws a problem: even, wide, nearly equal or few huge costs, some free.</summary>
    public static Problem Draw(Random random, int mostItems)
    {
        var count = random.Next(1, mostItems + 1);
        var clusters = random.Next(1, 5);
        var budget = 0.5 + (5.5 * random.NextDouble());
        var kind = random.Next(4);
        double[] costs = [.. Enumerable.Range(0, count).Select(_ => Math.Min(budget, Cost(random, kind, budget)))];
        if (random.Next(4) == 0)
        {
            costs[random.Next(count)] = 0;
        }

        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return new Problem(
            costs, [.. costs.Select(_ => random.Next(clusters))], clusters, Pick(random, 0, 0.1, 1, 12), budget, Pick(random, 0.05, 0.1, 0.2, 0.5), order);
    }

    private static double Cost(Random random, int kind, double budget) => kind switch
    {
        0 => 0.05 + (1.95 * random.NextDouble()),
        1 => random.Next(2) == 0 ? 0.01 + (0.19 * random.NextDouble()) : budget * (0.6 + (0.4 * random.NextDouble())),
        2 => Math.Exp(3 * (random.NextDouble() - 0.5)),
        _ => budget * (0.9 + (0.2 * random.NextDouble())),
    };

    private static double Pick(Random random, params double[] choices) => choices[random.Next(choices.Length)];
}

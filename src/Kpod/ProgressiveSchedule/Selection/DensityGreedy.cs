namespace Kpod.ProgressiveSchedule.Selection;

/// <summary>
/// The plain greedy for Eq. 13: always the rationale with the largest gain per cost that still fits. Within a cluster that is always the cheapest, so one
/// sorted list a cluster does, in O(n log n + n K). It has no guarantee (one huge rationale can fool it) but comes out close to <see cref="Ftgp"/> on real
/// difficulties and checks it.
/// </summary>
public static class DensityGreedy
{
    /// <summary>Selects.</summary>
    /// <param name="value">f and the costs.</param>
    /// <param name="budget">ΔD(t), in nat; nothing is selected where it is not above 0.</param>
    /// <param name="visitOrder">The rationales that may be selected, each once; the earlier one wins a tie.</param>
    /// <returns>A selection within the budget.</returns>
    public static StageSelection Select(ScheduleValue value, double budget, IReadOnlyList<int> visitOrder)
    {
        var problem = new SelectionProblem(value, budget, visitOrder);

        // OrderBy is stable: equal costs stay in visit order.
        var byCost = problem.Candidates.Select((item, visit) => (Item: item, Visit: visit)).OrderBy(entry => value.Rise(entry.Item));
        Queue<(int Item, int Visit)>[] queues =
            [.. byCost.GroupBy(entry => value.Cluster(entry.Item)).Select(cluster => new Queue<(int Item, int Visit)>(cluster))];

        var grown = problem.Empty.Copy();
        var chosen = new List<int>();
        while (Densest(value, problem, grown, queues) is { } queue)
        {
            var item = queue.Dequeue().Item;
            grown.Add(item);
            chosen.Add(item);
        }

        return problem.Answer(chosen, grown.Queries);
    }

    private static Queue<(int Item, int Visit)>? Densest(
        ScheduleValue value, SelectionProblem problem, GrowingSelection grown, Queue<(int Item, int Visit)>[] queues)
    {
        Queue<(int Item, int Visit)>? best = null;
        var largest = double.NegativeInfinity;
        foreach (var queue in queues)
        {
            if (!queue.TryPeek(out var head) || !problem.Fits(grown.Cost + value.Rise(head.Item)))
            {
                continue;
            }

            var density = grown.Gain(head.Item) / value.Rise(head.Item);
            if (density > largest || (density == largest && head.Visit < best!.Peek().Visit))
            {
                best = queue;
                largest = density;
            }
        }

        return best;
    }
}

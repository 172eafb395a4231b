namespace Kpod.ProgressiveSchedule.Selection;

/// <summary>Eq. 13 made ready for a selector: which rationales cost something and fit, which are free, and how large the budget is with its slack.</summary>
internal sealed class SelectionProblem
{
    /// <summary>Costs at or below it are free.</summary>
    private const double FreeCost = 1e-12;

    /// <summary>Costs are sums in different orders; this relative difference counts as none.</summary>
    private const double CostSlack = 1e-9;

    private readonly ScheduleValue _value;

    /// <summary>Sorts the rationales.</summary>
    /// <param name="value">Value and cost of each.</param>
    /// <param name="budget">ΔD(t), in nat.</param>
    /// <param name="visitOrder">The rationales that may be selected, each once, in the order in which every pass visits them.</param>
    public SelectionProblem(ScheduleValue value, double budget, IReadOnlyList<int> visitOrder)
    {
        _value = value;
        Budget = budget;
        Empty = new GrowingSelection(value);
        if (!(budget > 0))
        {
            return;
        }

        foreach (var item in visitOrder)
        {
            if (value.Rise(item) <= FreeCost)
            {
                // Free ones only help; the counts start from them.
                Empty.Add(item);
                Free.Add(item);
            }
            else if (Fits(value.Rise(item)))
            {
                Candidates.Add(item);
            }
        }
    }

    /// <summary>ΔD(t), in nat.</summary>
    public double Budget { get; }

    /// <summary>Selected whatever else is, at no cost.</summary>
    public List<int> Free { get; } = [];

    /// <summary>The ground set: what costs something and fits, in visit order.</summary>
    public List<int> Candidates { get; } = [];

    /// <summary>The selection of the free rationales alone, from which every other one starts.</summary>
    public GrowingSelection Empty { get; }

    /// <summary>Whether a cost is within the budget.</summary>
    /// <param name="cost">In nat.</param>
    /// <returns>True if so, but for rounding.</returns>
    public bool Fits(double cost) => IsWithin(cost, Budget);

    /// <summary>Whether a cost is within a limit.</summary>
    /// <param name="cost">In nat.</param>
    /// <param name="limit">In nat.</param>
    /// <returns>True if so, but for rounding.</returns>
    public static bool IsWithin(double cost, double limit) => cost <= limit * (1 + CostSlack);

    /// <summary>The answer: the free rationales and those chosen.</summary>
    /// <param name="chosen">Out of <see cref="Candidates"/>.</param>
    /// <param name="queries">How often a gain was asked for.</param>
    /// <returns>The selection.</returns>
    public StageSelection Answer(IEnumerable<int> chosen, long queries)
    {
        int[] items = [.. Free, .. chosen];
        Array.Sort(items);
        return new StageSelection(items, _value.Normalised(items), _value.Rise(items), queries);
    }
}

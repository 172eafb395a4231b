namespace Kpod.ProgressiveSchedule.Selection;

/// <summary>
/// FTGP for Eq. 13: maximise the monotone submodular f under a budget (Li, Feldman, Kazemi and Karbasi, NeurIPS 2022). An estimate of the optimum in one pass;
/// passes that take whatever has at least a falling threshold of gain per cost; the best single addition to a few prefixes of what they took. Value at least
/// (1/2 - epsilon) of the optimum with O(n/epsilon log 1/epsilon) gains, as Proposition 3.1 asks; the constants are this project's own.
/// </summary>
public sealed class Ftgp
{
    // The estimate G of phase 1 lies between the optimum and an eighth of it; the thresholds span 4 G / (epsilon budget) down to (1 - epsilon) G / (2 budget).
    private const double ThresholdStart = 4;
    private const double ThresholdEnd = 0.5;

    private readonly ScheduleValue _value;
    private readonly SelectionProblem _problem;
    private readonly double _epsilon;
    private readonly List<int> _taken = [];

    // Place of each rationale in _taken.
    private readonly int[] _place;
    private long _queries;

    private Ftgp(ScheduleValue value, SelectionProblem problem, double epsilon)
    {
        _value = value;
        _problem = problem;
        _epsilon = epsilon;
        _place = new int[value.Count];
        Array.Fill(_place, int.MaxValue);
    }

    /// <summary>Selects.</summary>
    /// <param name="value">f and the costs.</param>
    /// <param name="budget">ΔD(t), in nat; nothing is selected where it is not above 0.</param>
    /// <param name="epsilon">In (0, 1/2].</param>
    /// <param name="visitOrder">The rationales that may be selected, each once, in the order in which every pass visits them: it decides ties.</param>
    /// <returns>A selection within the budget.</returns>
    public static StageSelection Select(ScheduleValue value, double budget, double epsilon, IReadOnlyList<int> visitOrder)
    {
        if (!(epsilon is > 0 and <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "epsilon must lie above 0 and at most at 1/2.");
        }

        var problem = new SelectionProblem(value, budget, visitOrder);
        return problem.Candidates.Count == 0 ? problem.Answer([], 0) : new Ftgp(value, problem, epsilon).Run();
    }

    private StageSelection Run()
    {
        var single = BestAddition(_problem.Empty, prefixLength: 0);
        var estimate = Estimate(single);
        var prefixes = TakeByFallingThreshold(estimate.Value);
        var best = estimate;
        Improve(ref best, new Candidate(_taken, prefixes[^1].Value, prefixes[^1].Cost));
        AugmentPrefixes(prefixes, single, ref best);
        return _problem.Answer(best.Items, _queries);
    }

    // Phase 1: G <= optimum <= 8 G.
    private Candidate Estimate(int single)
    {
        var grown = _problem.Empty.Copy();
        var start = grown.Value;
        var order = new List<int>();
        foreach (var item in _problem.Candidates)
        {
            if (grown.Gain(item) * _problem.Budget >= _value.Rise(item) * (grown.Value - start))
            {
                grown.Add(item);
                order.Add(item);
            }
        }

        _queries += grown.Queries;
        var suffix = _problem.Empty.Copy();
        var from = order.Count;
        while (from > 0 && _problem.Fits(suffix.Cost + _value.Rise(order[from - 1])))
        {
            suffix.Add(order[--from]);
        }

        var alone = _problem.Empty.Copy();
        alone.Add(single);
        return suffix.Value >= alone.Value
            ? new Candidate(order.GetRange(from, order.Count - from), suffix.Value, suffix.Cost)
            : new Candidate([single], alone.Value, alone.Cost);
    }

    // Phase 2. Fills _taken and returns value and cost of each of its prefixes, the empty one first.
    private List<(double Value, double Cost)> TakeByFallingThreshold(double estimate)
    {
        var gainOfEstimate = estimate - _problem.Empty.Value;
        var grown = _problem.Empty.Copy();
        var prefixes = new List<(double Value, double Cost)> { (grown.Value, grown.Cost) };
        var left = _problem.Candidates.ToArray();
        var count = left.Length;
        var threshold = ThresholdStart * gainOfEstimate / (_epsilon * _problem.Budget);
        var last = (1 - _epsilon) * ThresholdEnd * gainOfEstimate / _problem.Budget;
        for (; threshold >= last && count > 0; threshold *= 1 - _epsilon)
        {
            var kept = 0;
            for (var index = 0; index < count; index++)
            {
                var item = left[index];
                if (!_problem.Fits(grown.Cost + _value.Rise(item)))
                {
                    // The cost only grows, so it never fits again.
                    continue;
                }

                if (grown.Gain(item) < threshold * _value.Rise(item))
                {
                    left[kept++] = item;
                    continue;
                }

                _place[item] = _taken.Count;
                _taken.Add(item);
                grown.Add(item);
                prefixes.Add((grown.Value, grown.Cost));
            }

            count = kept;
        }

        _queries += grown.Queries;
        return prefixes;
    }

    // Phase 3: the prefixes of cost at most 0 and epsilon budget (1 + epsilon)^l, each with the one addition that helps most.
    private void AugmentPrefixes(List<(double Value, double Cost)> prefixes, int single, ref Candidate best)
    {
        var prefix = _problem.Empty.Copy();
        var length = 0;
        var alone = _problem.Empty.Copy();
        alone.Add(single);
        Improve(ref best, new Candidate([single], alone.Value, alone.Cost));
        for (var level = _epsilon * _problem.Budget; level <= (1 + _epsilon) * _problem.Budget; level *= 1 + _epsilon)
        {
            var before = length;
            while (length < _taken.Count && SelectionProblem.IsWithin(prefixes[length + 1].Cost, level))
            {
                prefix.Add(_taken[length++]);
            }

            if (length == before)
            {
                continue;
            }

            var addition = BestAddition(prefix, length);
            if (addition < 0)
            {
                Improve(ref best, new Candidate(_taken.GetRange(0, length), prefix.Value, prefix.Cost));
                continue;
            }

            var augmented = prefix.Copy();
            augmented.Add(addition);
            Improve(ref best, new Candidate([.. _taken.GetRange(0, length), addition], augmented.Value, augmented.Cost));
        }
    }

    // The first rationale in visit order, outside the prefix and still fitting, with the largest gain; -1 where none fits.
    private int BestAddition(GrowingSelection prefix, int prefixLength)
    {
        var best = -1;
        var largest = double.NegativeInfinity;
        var asked = prefix.Queries;
        foreach (var item in _problem.Candidates)
        {
            if (_place[item] >= prefixLength && _problem.Fits(prefix.Cost + _value.Rise(item)) && prefix.Gain(item) is var gain && gain > largest)
            {
                best = item;
                largest = gain;
            }
        }

        _queries += prefix.Queries - asked;
        return best;
    }

    // Ties: the larger cost, then the larger selection, then the first.
    private static void Improve(ref Candidate best, Candidate other)
    {
        if ((other.Value, other.Cost, other.Items.Count).CompareTo((best.Value, best.Cost, best.Items.Count)) > 0)
        {
            best = other;
        }
    }

    private sealed record Candidate(IReadOnlyList<int> Items, double Value, double Cost);
}

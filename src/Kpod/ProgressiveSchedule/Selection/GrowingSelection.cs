namespace Kpod.ProgressiveSchedule.Selection;

/// <summary>A selection to which rationales are added one by one; the gain of the next one is known in constant time.</summary>
internal sealed class GrowingSelection
{
    private readonly ScheduleValue _value;
    private readonly int[] _counts;
    private readonly double[] _bonus;

    /// <summary>Starts with nothing.</summary>
    /// <param name="value">The value to add up.</param>
    public GrowingSelection(ScheduleValue value)
    {
        _value = value;
        _counts = new int[value.ClusterCount];
        _bonus = new double[value.ClusterCount];
        Array.Fill(_bonus, value.DiversityWeight);
    }

    private GrowingSelection(GrowingSelection other)
    {
        _value = other._value;
        _counts = [.. other._counts];
        _bonus = [.. other._bonus];
        Value = other.Value;
        Cost = other.Cost;
    }

    /// <summary>f of what was added.</summary>
    public double Value { get; private set; }

    /// <summary>Sum of the a_i of what was added.</summary>
    public double Cost { get; private set; }

    /// <summary>How often the gain of a rationale was asked for.</summary>
    public long Queries { get; private set; }

    /// <summary>A copy that grows on its own, with its own count of queries.</summary>
    /// <returns>The copy.</returns>
    public GrowingSelection Copy() => new(this);

    /// <summary>f(S ∪ {i}) - f(S) for a rationale that is not in it: a_i + beta (sqrt(n_k + 1) - sqrt(n_k)).</summary>
    /// <param name="item">i.</param>
    /// <returns>Never negative.</returns>
    public double Gain(int item)
    {
        Queries++;
        return _value.Rise(item) + _bonus[_value.Cluster(item)];
    }

    /// <summary>Adds a rationale.</summary>
    /// <param name="item">i.</param>
    public void Add(int item)
    {
        var cluster = _value.Cluster(item);
        Value += _value.Rise(item) + _bonus[cluster];
        Cost += _value.Rise(item);
        var count = ++_counts[cluster];
        _bonus[cluster] = _value.DiversityWeight * (Math.Sqrt(count + 1) - Math.Sqrt(count));
    }
}

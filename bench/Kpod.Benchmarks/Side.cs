namespace Kpod.Benchmarks;

/// <summary>One of the things that are compared, with what it took in each round. The first round warms up and does not count.</summary>
/// <param name="name">What it is called in the table.</param>
internal sealed class Side(string name)
{
    private readonly List<Sample> _samples = [];
    private bool _isWarm;

    /// <summary>What it is called in the table.</summary>
    public string Name => name;

    /// <summary>What it took, a round each.</summary>
    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>Seconds on the clock, the median of the rounds.</summary>
    public double Wall => Median(_samples.Select(sample => sample.Wall));

    /// <summary>Seconds of processor time, the median of the rounds.</summary>
    public double Processor => Median(_samples.Select(sample => sample.Processor));

    /// <summary>
    /// Does pieces of work in turns, so that whatever else the machine does meets all of them: one round to warm up, then as many as asked for, every
    /// other one in the opposite order.
    /// </summary>
    /// <param name="rounds">Rounds that count.</param>
    /// <param name="works">The works, each of which adds a sample to its side.</param>
    public static void Alternate(int rounds, params IReadOnlyList<Action> works)
    {
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var work in round % 2 == 0 ? works : works.Reverse())
            {
                work();
            }
        }
    }

    /// <summary>Takes what a round took.</summary>
    /// <param name="sample">The time.</param>
    public void Add(Sample sample)
    {
        if (_isWarm)
        {
            _samples.Add(sample);
        }

        _isWarm = true;
    }

    /// <summary>How many times as fast this side is as another: the median of the ratios of the rounds.</summary>
    /// <param name="other">The other.</param>
    /// <param name="time">Which time counts.</param>
    /// <returns>Above 1 where this side is faster.</returns>
    public double SpeedAgainst(Side other, Func<Sample, double> time) => Median(other._samples.Zip(_samples, (theirs, ours) => time(theirs) / time(ours)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

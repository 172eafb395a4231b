namespace Kpod.Evaluation.Statistics;

/// <summary>Holm's correction (1979) for many comparisons in one table: the smallest p counts as often as there are comparisons, the next one time less, and none less than the one before it.</summary>
public static class HolmCorrection
{
    /// <summary>Adjusts p-values.</summary>
    /// <param name="pValues">One a comparison.</param>
    /// <returns>Adjusted values in the same order, at most 1; a comparison is significant where its own is at most the level.</returns>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        var (largest, left) = (0.0, pValues.Count);
        foreach (var index in Enumerable.Range(0, pValues.Count).OrderBy(index => pValues[index]))
        {
            largest = Math.Max(largest, Math.Min(1, left-- * pValues[index]));
            adjusted[index] = largest;
        }

        return adjusted;
    }
}

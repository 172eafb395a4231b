namespace Kpod.Evaluation.Statistics;

/// <summary>The smallest true difference that so many questions would show: (z of the level + z of the power) · s / sqrt(questions).</summary>
public static class SmallestDifference
{
    /// <summary>Computes it.</summary>
    /// <param name="standardDeviation">s: unbiased deviation of the differences by question.</param>
    /// <param name="questions">Number of questions.</param>
    /// <param name="level">Two-sided level of the test.</param>
    /// <param name="power">How often a difference of this size is found.</param>
    /// <returns>The difference, in accuracy.</returns>
    public static double Of(double standardDeviation, int questions, double level = 0.05, double power = 0.8) =>
        (NormalQuantile.Of(1 - (level / 2)) + NormalQuantile.Of(power)) * standardDeviation / Math.Sqrt(questions);
}

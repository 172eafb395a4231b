namespace Kpod.Evaluation.Statistics;

/// <summary>
/// Two systems on the same questions, each trained with one or more seeds. Seeds are averaged within a question before anything is tested: runs of other seeds answer the same questions, so counting each answer as a trial of its own would
/// make every difference look surer than it is.
/// </summary>
public sealed class QuestionDifferences
{
    private readonly long[] _numerators;
    private readonly long _denominator;

    private QuestionDifferences(long[] numerators, long denominator, double[] first, double[] second)
    {
        _numerators = numerators;
        _denominator = denominator;
        (First, Second) = (first, second);
        Values = [.. numerators.Select(numerator => (double)numerator / denominator)];
    }

    /// <summary>Share of seeds with which the first system answers each question right.</summary>
    public IReadOnlyList<double> First { get; }

    /// <summary>The same of the second.</summary>
    public IReadOnlyList<double> Second { get; }

    /// <summary>First less second, by question.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Number of questions.</summary>
    public int Count => _numerators.Length;

    /// <summary>Mean difference: the difference of the accuracies.</summary>
    public double Mean => (double)_numerators.Sum() / _denominator / Count;

    /// <summary>The differences as whole numbers, with <see cref="Denominator"/> below them, so that sums are exact.</summary>
    internal IReadOnlyList<long> Numerators => _numerators;

    /// <summary>Seeds of the first times seeds of the second.</summary>
    internal long Denominator => _denominator;

    /// <summary>Unbiased standard deviation of the differences; 0 of one question.</summary>
    public double StandardDeviation => Count < 2 ? 0 : Math.Sqrt(SumOfSquares() / (Count - 1));

    /// <summary>Standard error of the mean when questions are drawn anew: the population's deviation by the root of their number.</summary>
    public double StandardError => Math.Sqrt(SumOfSquares()) / Count;

    /// <summary>Averages and subtracts.</summary>
    /// <param name="first">Outcomes of the first system, by seed, then question.</param>
    /// <param name="second">Outcomes of the second, on the same questions; the number of seeds may be another.</param>
    /// <returns>The differences.</returns>
    /// <exception cref="ArgumentException">There is no seed or no question, or two seeds were asked different numbers of questions.</exception>
    public static QuestionDifferences Of(IReadOnlyList<IReadOnlyList<bool>> first, IReadOnlyList<IReadOnlyList<bool>> second)
    {
        var questions = first.Count > 0 ? first[0].Count : 0;
        if (questions == 0 || second.Count == 0 || first.Concat(second).Any(outcomes => outcomes.Count != questions))
        {
            throw new ArgumentException($"{first.Count} and {second.Count} seeds with {string.Join(", ", first.Concat(second).Select(outcomes => outcomes.Count))} outcomes cannot be paired by question.", nameof(second));
        }

        var (right, other) = (Counts(first, questions), Counts(second, questions));
        return new QuestionDifferences(
            [.. right.Zip(other, (one, two) => (one * second.Count) - (two * first.Count))],
            (long)first.Count * second.Count,
            [.. right.Select(count => (double)count / first.Count)],
            [.. other.Select(count => (double)count / second.Count)]);
    }

    private static long[] Counts(IReadOnlyList<IReadOnlyList<bool>> seeds, int questions) =>
        [.. Enumerable.Range(0, questions).Select(question => seeds.LongCount(outcomes => outcomes[question]))];

    private double SumOfSquares() => Values.Sum(value => (value - Mean) * (value - Mean));
}

namespace Kpod.Evaluation.Statistics;

/// <summary>
/// An interval for the mean difference of two systems over questions: questions are drawn anew with replacement, and the middle share of the means is kept. The same seed draws the same questions, so exchanging the systems turns the interval round.
/// </summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record BootstrapInterval(double Low, double High)
{
    /// <summary>How often the questions are drawn.</summary>
    public const int DefaultDraws = 10_000;

    /// <summary>The interval.</summary>
    /// <param name="differences">The differences by question.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="level">Share of the means inside.</param>
    /// <param name="draws">How often the questions are drawn.</param>
    /// <returns>The interval.</returns>
    public static BootstrapInterval Of(QuestionDifferences differences, long seed, double level = 0.95, int draws = DefaultDraws)
    {
        var means = Means(differences, seed, draws);
        Array.Sort(means);
        var outside = (int)Math.Floor((1 - level) / 2 * draws);
        return new BootstrapInterval(means[outside], means[^(outside + 1)]);
    }

    /// <summary>The means of questions drawn anew.</summary>
    /// <param name="differences">The differences by question.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="draws">Their number.</param>
    /// <returns>One mean a draw.</returns>
    internal static double[] Means(QuestionDifferences differences, long seed, int draws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        var random = Seeds.Generator(seed, "bootstrap");
        var drawn = new int[differences.Count];
        var means = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            for (var place = 0; place < drawn.Length; place++)
            {
                drawn[place] = random.Next(drawn.Length);
            }

            means[draw] = Mean(differences, drawn);
        }

        return means;
    }

    /// <summary>The mean difference of questions that were drawn.</summary>
    /// <param name="differences">The differences by question.</param>
    /// <param name="questions">Their indices.</param>
    /// <returns>The mean.</returns>
    internal static double Mean(QuestionDifferences differences, IReadOnlyList<int> questions)
    {
        var sum = 0L;
        for (var place = 0; place < questions.Count; place++)
        {
            sum += differences.Numerators[questions[place]];
        }

        return (double)sum / differences.Denominator / questions.Count;
    }
}

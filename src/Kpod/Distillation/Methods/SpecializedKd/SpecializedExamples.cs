namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>Builds the examples of the four formats: of the answer formats one a question, of the chain formats one a correct chain.</summary>
internal static class SpecializedExamples
{
    /// <summary>Demonstrations of an example, as Fu et al. take them.</summary>
    public const int Demonstrations = 4;

    /// <summary>Builds the examples of one format, in the order of questions, then chains.</summary>
    /// <param name="format">The format.</param>
    /// <param name="questions">The questions with their chains.</param>
    /// <param name="train">What demonstrations are drawn from.</param>
    /// <param name="draw">Chooses them.</param>
    /// <returns>The examples. The answer formats take the first correct chain that has an answer sentence; a question without one has no such example.</returns>
    public static IReadOnlyList<SpecializedExample> Of(SpecializedFormat format, IReadOnlyList<SpecializedQuestion> questions, IReadOnlyList<Demonstration> train, DemonstrationDraw draw) =>
        [.. Enumerable.Range(0, questions.Count).SelectMany(question => Chains(format, questions[question]).Select(chain => Make(format, questions, question, chain, train, draw)))];

    /// <summary>Draws demonstrations without replacement, anew for each example.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="trainCount">Number of training questions.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>The draw; it gives fewer than four where there are not so many other questions.</returns>
    public static DemonstrationDraw Seeded(IReadOnlyList<SpecializedQuestion> questions, int trainCount, long seed) => (format, question, chain) =>
    {
        int[] others = [.. Enumerable.Range(0, trainCount).Where(index => index != questions[question].TrainIndex)];
        Seeds.Generator(seed, $"demonstrations of {format} {question}", chain).Shuffle(others);
        return others[..Math.Min(Demonstrations, others.Length)];
    };

    /// <summary>Which demonstrations fit: they leave from the front, also all of them.</summary>
    /// <param name="demonstrationTokens">Length of each.</param>
    /// <param name="questionTokens">Length of the question itself.</param>
    /// <param name="maximum">Longest input.</param>
    /// <returns>Indices of those that stay.</returns>
    public static IReadOnlyList<int> Fitting(IReadOnlyList<int> demonstrationTokens, int questionTokens, int maximum)
    {
        var (first, total) = (0, questionTokens + demonstrationTokens.Sum());
        while (first < demonstrationTokens.Count && total > maximum)
        {
            total -= demonstrationTokens[first++];
        }

        return [.. Enumerable.Range(first, demonstrationTokens.Count - first)];
    }

    private static IEnumerable<int> Chains(SpecializedFormat format, SpecializedQuestion question)
    {
        var usable = Enumerable.Range(0, question.Chains.Count).Where(chain => question.Chains[chain].IsCorrect && SpecializedTexts.Target(format, question.Chains[chain].Text) is not null);
        return SpecializedTexts.HasChain(format) ? usable : usable.Take(1);
    }

    private static SpecializedExample Make(
        SpecializedFormat format, IReadOnlyList<SpecializedQuestion> questions, int question, int chain, IReadOnlyList<Demonstration> train, DemonstrationDraw draw)
    {
        var demonstrations = SpecializedTexts.HasDemonstrations(format) ? draw(format, question, chain) : [];
        if (demonstrations.Contains(questions[question].TrainIndex))
        {
            throw new ArgumentException($"Question {question} would stand among its own demonstrations.", nameof(draw));
        }

        var input = SpecializedTexts.Input(format, questions[question].Text, [.. demonstrations.Select(index => train[index])]);
        return new SpecializedExample(format, question, chain, demonstrations, input, SpecializedTexts.Target(format, questions[question].Chains[chain].Text)!);
    }
}

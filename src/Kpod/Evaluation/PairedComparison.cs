namespace Kpod.Evaluation;

/// <summary>
/// Two models on the same questions. Their intervals may overlap widely and one still be better: what tells them apart are the questions that only one of them
/// answers right (McNemar, 1947).
/// </summary>
/// <param name="Both">Questions that both answer right.</param>
/// <param name="OnlyFirst">Questions that only the first answers right.</param>
/// <param name="OnlySecond">Questions that only the second answers right.</param>
/// <param name="Neither">Questions that neither answers right.</param>
public sealed record PairedComparison(int Both, int OnlyFirst, int OnlySecond, int Neither)
{
    /// <summary>Questions that both were asked.</summary>
    public int Questions => Both + OnlyFirst + OnlySecond + Neither;

    /// <summary>Accuracy of the first less that of the second, in [-1, 1].</summary>
    public double Difference => Questions == 0 ? 0 : (double)(OnlyFirst - OnlySecond) / Questions;

    /// <summary>
    /// How often a difference at least as large, either way, would come about if both were equally good: McNemar's test in its exact form, two-sided. The
    /// questions on which they differ are then as many throws of a fair coin.
    /// </summary>
    public double PValue
    {
        get
        {
            // In logarithms, for 0.5^throws is no number beyond a thousand throws.
            var throws = OnlyFirst + OnlySecond;
            var (logarithm, tail) = (throws * Math.Log(0.5), 0.0);
            for (var heads = 0; heads <= Math.Min(OnlyFirst, OnlySecond); heads++)
            {
                tail += Math.Exp(logarithm);
                logarithm += Math.Log((double)(throws - heads) / (heads + 1));
            }

            return Math.Min(1, 2 * tail);
        }
    }

    /// <summary>Pairs the outcomes of two models by question; those that only one was asked do not count.</summary>
    /// <param name="first">Outcomes of the first, by question.</param>
    /// <param name="second">Outcomes of the second, by question.</param>
    /// <returns>The comparison.</returns>
    public static PairedComparison Of(IReadOnlyDictionary<string, bool> first, IReadOnlyDictionary<string, bool> second)
    {
        var pairs = first.Where(outcome => second.ContainsKey(outcome.Key)).Select(outcome => (First: outcome.Value, Second: second[outcome.Key])).ToList();
        return new PairedComparison(
            pairs.Count(pair => pair.First && pair.Second),
            pairs.Count(pair => pair.First && !pair.Second),
            pairs.Count(pair => !pair.First && pair.Second),
            pairs.Count(pair => !pair.First && !pair.Second));
    }
}

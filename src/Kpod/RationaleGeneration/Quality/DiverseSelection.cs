namespace Kpod.RationaleGeneration.Quality;

/// <summary>
/// Selects texts that are unlike one another, as MCC-KD (Chen et al., 2023) keeps K of a teacher's rationales; its code for this was not published, so the order is ours: first the two that overlap least, then again
/// and again the one whose greatest overlap with those selected is least. Ties go to the earlier one.
/// </summary>
internal static class DiverseSelection
{
    /// <summary>Orders texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <returns>Their indices; the first K of them are the selection of K.</returns>
    public static IReadOnlyList<int> Order(IReadOnlyList<WordGrams> texts)
    {
        if (texts.Count < 2)
        {
            return [.. Enumerable.Range(0, texts.Count)];
        }

        var (first, second) = Enumerable.Range(0, texts.Count).SelectMany(left => Enumerable.Range(left + 1, texts.Count - left - 1).Select(right => (left, right))).MinBy(pair => texts[pair.left].Overlap(texts[pair.right]));
        List<int> order = [first, second];
        var rest = Enumerable.Range(0, texts.Count).Except(order).ToList();
        while (rest.Count > 0)
        {
            var next = rest.MinBy(candidate => order.Max(selected => texts[candidate].Overlap(texts[selected])));
            order.Add(next);
            rest.Remove(next);
        }

        return order;
    }
}

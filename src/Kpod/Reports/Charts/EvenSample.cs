namespace Kpod.Reports.Charts;

/// <summary>A few items of many, at even distances, the same ones each time.</summary>
internal static class EvenSample
{
    /// <summary>Takes the items.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="items">All of them.</param>
    /// <param name="count">How many to take at most; at least one.</param>
    /// <returns>The items in their order; the first is always among them.</returns>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> items, int count) =>
        items.Count <= count ? items : [.. Enumerable.Range(0, count).Select(index => items[(int)((long)index * items.Count / count)])];
}

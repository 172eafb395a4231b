namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>How the four formats are mixed: each is cut into micro-batches of its own, and these are shuffled.</summary>
internal static class FormatMicroBatches
{
    /// <summary>Cuts the examples of one format; those that fill no effective batch are dropped.</summary>
    /// <param name="format">The format.</param>
    /// <param name="examples">Number of its examples.</param>
    /// <param name="microBatchSize">Examples a micro-batch.</param>
    /// <param name="accumulation">Micro-batches an effective batch.</param>
    /// <returns>The groups.</returns>
    public static IReadOnlyList<FormatGroup> Cut(SpecializedFormat format, int examples, int microBatchSize, int accumulation)
    {
        var effective = microBatchSize * accumulation;
        return [.. Enumerable.Range(0, examples / effective).Select(group =>
            new FormatGroup(format, [.. Enumerable.Range(group * effective, effective).Chunk(microBatchSize)]))];
    }

    /// <summary>All micro-batches in one shuffled row.</summary>
    /// <param name="groups">The groups of all formats.</param>
    /// <param name="permutation">Which micro-batch, counted through all groups, comes n-th.</param>
    /// <returns>The micro-batches in order.</returns>
    public static IReadOnlyList<(SpecializedFormat Format, int[] Examples)> FullyRandom(IReadOnlyList<FormatGroup> groups, IReadOnlyList<int> permutation)
    {
        var all = groups.SelectMany(Spread).ToArray();
        return [.. permutation.Select(index => all[index])];
    }

    /// <summary>Groups in shuffled order, each kept together.</summary>
    /// <param name="groups">The groups of all formats.</param>
    /// <param name="permutation">Which group comes n-th.</param>
    /// <returns>The micro-batches in order.</returns>
    public static IReadOnlyList<(SpecializedFormat Format, int[] Examples)> GroupsTogether(IReadOnlyList<FormatGroup> groups, IReadOnlyList<int> permutation) =>
        [.. permutation.SelectMany(index => Spread(groups[index]))];

    private static IEnumerable<(SpecializedFormat Format, int[] Examples)> Spread(FormatGroup group) => group.MicroBatches.Select(examples => (group.Format, examples));
}

namespace Kpod.LanguageModels.Training;

/// <summary>Cuts a shuffled epoch into batches of similar length, so that little time goes into padding.</summary>
public static class LengthBuckets
{
    private const int BatchesPerBucket = 8;

    /// <summary>Shuffles, sorts by length within windows of eight batches, cuts, and shuffles the batches.</summary>
    /// <param name="lengths">Length of each item in tokens.</param>
    /// <param name="batchSize">Items a batch; the last one may be smaller.</param>
    /// <param name="random">Decides the order.</param>
    /// <returns>Batches of item indices; every item occurs once.</returns>
    public static IReadOnlyList<int[]> Cut(IReadOnlyList<int> lengths, int batchSize, Random random)
    {
        var order = Enumerable.Range(0, lengths.Count).ToArray();
        random.Shuffle(order);
        var batches = new List<int[]>();
        foreach (var window in order.Chunk(batchSize * BatchesPerBucket))
        {
            // OrderBy is stable, so equal lengths keep their shuffled order.
            batches.AddRange(window.OrderBy(item => lengths[item]).Chunk(batchSize));
        }

        var shuffled = batches.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }
}

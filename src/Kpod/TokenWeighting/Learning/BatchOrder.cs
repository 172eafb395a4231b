using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.TokenWeighting.Learning;

/// <summary>The batches of a phase of mask learning: epoch after epoch, each in an order of its own.</summary>
internal static class BatchOrder
{
    /// <summary>Batches without end.</summary>
    /// <param name="rationales">What is learned from; at least one.</param>
    /// <param name="batchSize">Rationales a batch.</param>
    /// <param name="seed">The stage's seed.</param>
    /// <param name="purpose">Names the phase.</param>
    /// <returns>Batches of similar length.</returns>
    public static IEnumerable<EncodedRationale[]> Endless(IReadOnlyList<EncodedRationale> rationales, int batchSize, long seed, string purpose)
    {
        int[] lengths = [.. rationales.Select(rationale => rationale.Length)];
        for (var epoch = 0; ; epoch++)
        {
            foreach (var batch in LengthBuckets.Cut(lengths, batchSize, Seeds.Generator(seed, purpose, epoch)))
            {
                yield return [.. batch.Select(index => rationales[index])];
            }
        }
    }
}

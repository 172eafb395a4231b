using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Options;

namespace Kpod.TokenWeighting.Masks;

/// <summary>Which lengths k of a rationale's prefix r[m]_{&lt;k} the answer is predicted from (Eq. 5).</summary>
internal static class RationalePrefixes
{
    /// <summary>Prefixes for one update.</summary>
    /// <param name="set">Which kind.</param>
    /// <param name="tokens">L: tokens of the rationale, at least 1.</param>
    /// <param name="count">How many to draw; for <see cref="PrefixSet.Stratified"/>.</param>
    /// <param name="stepEnds">One past the last token of each step; for <see cref="PrefixSet.StepEnds"/>.</param>
    /// <param name="random">Draws the lengths.</param>
    /// <returns>Lengths in tokens, each from 1 to L.</returns>
    public static int[] Draw(PrefixSet set, int tokens, int count, IReadOnlyList<int>? stepEnds, Random random) => set switch
    {
        PrefixSet.Stratified => Stratified(tokens, count, random),
        PrefixSet.StepEnds => stepEnds is { Count: > 0 } ? [.. stepEnds] : throw new ArgumentException("Prefixes at step ends need the steps.", nameof(stepEnds)),
        PrefixSet.AllTokens => [.. Enumerable.Range(1, tokens)],
        _ => throw new ArgumentOutOfRangeException(nameof(set), set, "No such set of prefixes."),
    };

    /// <summary>Prefixes for every rationale of a batch.</summary>
    /// <param name="options">Says which.</param>
    /// <param name="rationales">The batch.</param>
    /// <param name="stepEnds">Gives one past the last token of each step; for <see cref="PrefixSet.StepEnds"/>.</param>
    /// <param name="random">Draws the lengths.</param>
    /// <returns>Per rationale, lengths in tokens.</returns>
    public static IReadOnlyList<int[]> DrawAll(
        TokenWeightingOptions options, IReadOnlyList<EncodedRationale> rationales, Func<EncodedRationale, IReadOnlyList<int>>? stepEnds, Random random) =>
        [.. rationales.Select(rationale =>
            Draw(options.Prefixes, rationale.RationaleTokens.Length, options.PrefixesPerRationale, stepEnds?.Invoke(rationale), random))];

    /// <summary>The ends of the four quarters of a rationale, for diagnosis.</summary>
    /// <param name="tokens">L: tokens of the rationale, at least 1.</param>
    /// <returns>Four lengths, ascending; the last is L.</returns>
    public static int[] Quarters(int tokens) => [.. Enumerable.Range(1, 4).Select(quarter => Math.Max(1, (int)Math.Round(quarter * tokens / 4.0)))];

    // One length from each of `count` equal parts of 1..L, so that their mean is an unbiased estimate of the mean over all lengths.
    private static int[] Stratified(int tokens, int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(part => Math.Min(tokens, 1 + (int)((part + random.NextDouble()) / count * tokens)))];
}

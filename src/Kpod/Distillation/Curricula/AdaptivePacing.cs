namespace Kpod.Distillation.Curricula;

/// <summary>
/// KPOD-ACL (after Kong et al., 2021): at epoch e only the easiest samples are learned, a share of p_0 q^e of all; q is such that from epoch T on it is all of them.
/// </summary>
/// <param name="FullEpoch">T.</param>
/// <param name="InitialShare">p_0.</param>
internal sealed record AdaptivePacing(int FullEpoch, double InitialShare = 0.3)
{
    // p_0 q^T is a little below 1 in floating point, and 7472 of 7473 samples are not all.
    private const double Slack = 1e-9;

    /// <summary>q.</summary>
    public double Growth => Math.Pow(1 / InitialShare, 1.0 / FullEpoch);

    /// <summary>The share of an epoch.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <returns>At most 1.</returns>
    public double Share(int epoch) => Math.Min(InitialShare * Math.Pow(Growth, epoch), 1);

    /// <summary>How many samples an epoch has.</summary>
    /// <param name="samples">All samples.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <returns>At least 1.</returns>
    public int Size(int samples, int epoch) => Math.Clamp((int)Math.Floor(samples * Share(epoch) * (1 + Slack)), 1, samples);

    /// <summary>The samples of an epoch.</summary>
    /// <param name="scores">The difficulty score of each sample.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <returns>Those of the smallest scores, ascending by index; of equal ones the earlier.</returns>
    public IReadOnlyList<int> Subset(IReadOnlyList<double> scores, int epoch) =>
        [.. Enumerable.Range(0, scores.Count).OrderBy(sample => scores[sample]).Take(Size(scores.Count, epoch)).Order()];
}

using Kpod.Distillation.Visits;

namespace Kpod.Distillation.Curricula;

/// <summary>
/// KPOD-ICL (after Jia et al., 2023): the first share of every sample's label tokens is given, 0.6, 0.3 and 0 for a third of the first T epochs each, then 0. Unlike KPOD it knows no steps: the cut is the same share of each sample, and may lie inside the answer.
/// </summary>
/// <param name="FullEpoch">T.</param>
internal sealed record InSampleCurriculum(int FullEpoch)
{
    private const double Slack = 1e-9; // 0.3 · 10 and its like lie beside the whole number they are

    private static readonly double[] Ratios = [0.6, 0.3, 0];

    /// <summary>The share that is given.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <returns>0.6, 0.3 or 0.</returns>
    public double Ratio(int epoch) => Ratios[(int)Math.Min(2, 3L * (epoch - 1) / FullEpoch)];

    /// <summary>How many labels are given.</summary>
    /// <param name="ratio">The share.</param>
    /// <param name="labelTokens">Labels of the sample.</param>
    /// <returns>Rounded down; never all.</returns>
    public static int PrefixLength(double ratio, int labelTokens) => (int)Math.Floor(ratio * labelTokens * (1 + Slack));

    /// <summary>A sample whose first labels are given.</summary>
    /// <param name="example">The whole sample, with no step given.</param>
    /// <param name="ratio">The share.</param>
    /// <returns>The sample with fewer labels; the tokens stay in its response.</returns>
    public static DistillationExample Shorten(DistillationExample example, double ratio)
    {
        var given = PrefixLength(ratio, example.Weights.Length);
        var first = example.ResponseIds.Length - example.Weights.Length + given;
        return example with
        {
            Supervised = [.. example.Supervised.Select((supervised, token) => supervised && token >= first)],
            Weights = example.Weights[given..],
        };
    }
}

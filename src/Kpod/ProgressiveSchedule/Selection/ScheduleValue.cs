namespace Kpod.ProgressiveSchedule.Selection;

/// <summary>
/// Eq. 12, the value of a selection S. F(S) = -(ΔD - ΔH(S)) + beta sum_k sqrt(|C_k ∩ S|) starts below zero, where a guarantee of a share of the best value
/// says nothing; so what is maximised is f(S) = F(S) - F(∅) = sum_{i in S} a_i + beta sum_k sqrt(|C_k ∩ S|), which has the same maximiser, is 0 for the
/// empty selection, monotone and submodular.
/// </summary>
public sealed class ScheduleValue
{
    // Arrays, for a gain is asked for a million times a stage.
    private readonly double[] _rises;
    private readonly int[] _clusters;

    /// <summary>Takes the figures of one stage.</summary>
    /// <param name="rises">a_i: by how much each rationale's difficulty rises if it is selected, in nat; also what it costs.</param>
    /// <param name="clusters">Cluster of each rationale, from 0.</param>
    /// <param name="clusterCount">K.</param>
    /// <param name="diversityWeight">beta.</param>
    public ScheduleValue(IReadOnlyList<double> rises, IReadOnlyList<int> clusters, int clusterCount, double diversityWeight)
    {
        if (rises.Count != clusters.Count)
        {
            throw new ArgumentException($"{rises.Count} rises but {clusters.Count} clusters.", nameof(clusters));
        }

        _rises = [.. rises];
        _clusters = [.. clusters];
        ClusterCount = clusterCount;
        DiversityWeight = diversityWeight;
    }

    /// <summary>Number of rationales.</summary>
    public int Count => _rises.Length;

    /// <summary>K.</summary>
    public int ClusterCount { get; }

    /// <summary>beta.</summary>
    public double DiversityWeight { get; }

    /// <summary>a_i.</summary>
    /// <param name="item">i.</param>
    /// <returns>In nat.</returns>
    public double Rise(int item) => _rises[item];

    /// <summary>The cluster of a rationale.</summary>
    /// <param name="item">i.</param>
    /// <returns>From 0.</returns>
    public int Cluster(int item) => _clusters[item];

    /// <summary>ΔH(S), the cost of a selection.</summary>
    /// <param name="selection">S.</param>
    /// <returns>In nat.</returns>
    public double Rise(IEnumerable<int> selection) => selection.Sum(item => _rises[item]);

    /// <summary>f(S).</summary>
    /// <param name="selection">S, every rationale once.</param>
    /// <returns>0 for the empty selection, never negative.</returns>
    public double Normalised(IEnumerable<int> selection)
    {
        var counts = new int[ClusterCount];
        var rise = 0.0;
        foreach (var item in selection)
        {
            rise += _rises[item];
            counts[_clusters[item]]++;
        }

        return rise + (DiversityWeight * counts.Sum(count => Math.Sqrt(count)));
    }

    /// <summary>F(S) as printed in Eq. 12.</summary>
    /// <param name="selection">S, every rationale once.</param>
    /// <param name="allowedRise">ΔD(t), in nat.</param>
    /// <returns>May be negative.</returns>
    public double Printed(IReadOnlyCollection<int> selection, double allowedRise) => Normalised(selection) - allowedRise;
}

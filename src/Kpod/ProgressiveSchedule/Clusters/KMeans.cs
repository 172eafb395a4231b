using System.Numerics.Tensors;

namespace Kpod.ProgressiveSchedule.Clusters;

/// <summary>
/// K-means with k-means++ seeding (Arthur and Vassilvitskii, 2007) and Lloyd's iterations; the best of several restarts. The same points and seed give the same
/// clusters, bit for bit.
/// </summary>
internal static class KMeans
{
    private const int Restarts = 10;

    // Lloyd converges; rounding could make it swing between two equal partitions for ever.
    private const int MostIterations = 1000;

    /// <summary>Clusters points.</summary>
    /// <param name="points">Vectors of one length.</param>
    /// <param name="clusters">K; fewer come out where there are fewer different points.</param>
    /// <param name="generator">Makes the generator of each restart.</param>
    /// <param name="cancel">Stops between two iterations.</param>
    /// <returns>Cluster of each point; clusters are numbered by their first point.</returns>
    public static int[] Cluster(IReadOnlyList<float[]> points, int clusters, Func<int, Random> generator, CancellationToken cancel)
    {
        // Restarts do not depend on one another, so running them side by side changes nothing.
        var runs = new (int[] Labels, double Inertia)[Restarts];
        var options = new ParallelOptions { CancellationToken = cancel };
        Parallel.For(0, Restarts, options, restart => runs[restart] = Run(points, clusters, generator(restart), cancel));
        return NumberByFirstPoint(runs.MinBy(run => run.Inertia).Labels, clusters);
    }

    private static (int[] Labels, double Inertia) Run(IReadOnlyList<float[]> points, int clusters, Random random, CancellationToken cancel)
    {
        var centres = Seed(points, clusters, random);
        var labels = new int[points.Count];
        Array.Fill(labels, -1);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            cancel.ThrowIfCancellationRequested();
            if (!Assign(points, centres, labels))
            {
                break;
            }

            MoveCentres(points, labels, centres);
        }

        var inertia = 0.0;
        for (var point = 0; point < points.Count; point++)
        {
            inertia += SquaredDistance(points[point], centres[labels[point]]);
        }

        return (labels, inertia);
    }

    // k-means++: each further centre is a point drawn with probability in proportion to its squared distance from the nearest centre so far.
    private static float[][] Seed(IReadOnlyList<float[]> points, int clusters, Random random)
    {
        var centres = new List<float[]> { points[random.Next(points.Count)] };
        var nearest = new double[points.Count];
        Array.Fill(nearest, double.PositiveInfinity);
        while (centres.Count < clusters)
        {
            var total = 0.0;
            for (var point = 0; point < nearest.Length; point++)
            {
                nearest[point] = Math.Min(nearest[point], SquaredDistance(points[point], centres[^1]));
                total += nearest[point];
            }

            if (total <= 0)
            {
                // Every point is a centre already.
                break;
            }

            centres.Add(points[Draw(nearest, random.NextDouble() * total)]);
        }

        return [.. centres.Select(centre => (float[])centre.Clone())];
    }

    private static int Draw(double[] shares, double position)
    {
        var last = 0;
        for (var point = 0; point < shares.Length; point++)
        {
            if (shares[point] <= 0)
            {
                continue;
            }

            last = point;
            position -= shares[point];
            if (position < 0)
            {
                break;
            }
        }

        return last;
    }

    // Ties go to the first centre. True where a label changed.
    private static bool Assign(IReadOnlyList<float[]> points, float[][] centres, int[] labels)
    {
        var changed = false;
        for (var point = 0; point < labels.Length; point++)
        {
            var best = 0;
            var shortest = float.PositiveInfinity;
            for (var centre = 0; centre < centres.Length; centre++)
            {
                var distance = TensorPrimitives.Distance<float>(points[point], centres[centre]);
                if (distance < shortest)
                {
                    shortest = distance;
                    best = centre;
                }
            }

            changed |= labels[point] != best;
            labels[point] = best;
        }

        return changed;
    }

    // Each centre becomes the mean of its points, added up in double; one without points stays where it is.
    private static void MoveCentres(IReadOnlyList<float[]> points, int[] labels, float[][] centres)
    {
        var length = centres[0].Length;
        var sums = new double[centres.Length][];
        var counts = new int[centres.Length];
        var widened = new double[length];
        for (var point = 0; point < labels.Length; point++)
        {
            var sum = sums[labels[point]] ??= new double[length];
            TensorPrimitives.ConvertTruncating<float, double>(points[point], widened);
            TensorPrimitives.Add<double>(sum, widened, sum);
            counts[labels[point]]++;
        }

        for (var centre = 0; centre < centres.Length; centre++)
        {
            if (counts[centre] > 0)
            {
                TensorPrimitives.Divide(sums[centre], counts[centre], sums[centre]);
                TensorPrimitives.ConvertTruncating<double, float>(sums[centre], centres[centre]);
            }
        }
    }

    private static double SquaredDistance(float[] point, float[] centre)
    {
        double distance = TensorPrimitives.Distance<float>(point, centre);
        return distance * distance;
    }

    private static int[] NumberByFirstPoint(int[] labels, int clusters)
    {
        var numbers = new int[clusters];
        Array.Fill(numbers, -1);
        var next = 0;
        foreach (var label in labels)
        {
            if (numbers[label] < 0)
            {
                numbers[label] = next++;
            }
        }

        return [.. labels.Select(label => numbers[label])];
    }
}

using TorchSharp;

namespace Kpod.Verification.Results;

/// <summary>Collects what a verification finds.</summary>
/// <param name="tolerance">Largest relative difference that is right.</param>
internal sealed class ReportBuilder(double tolerance)
{
    private readonly List<VerificationCheck> _checks = [];
    private readonly List<UncheckedItem> _unchecked = [];

    /// <summary>Largest relative difference that is right.</summary>
    public double Tolerance => tolerance;

    /// <summary>The same for what both sides compute in double precision.</summary>
    public double DoubleTolerance => tolerance * 1e-4;

    /// <summary>Whether anything was compared so far.</summary>
    public bool HasChecks => _checks.Count > 0;

    /// <summary>Compares a tensor.</summary>
    /// <param name="file">The file that records it.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="recorded">The recorded numbers.</param>
    /// <param name="computed">Ours.</param>
    public void Compare(string file, string name, torch.Tensor recorded, torch.Tensor computed) => Compare(file, name, recorded, computed, tolerance);

    /// <summary>Compares a tensor with a limit of its own.</summary>
    /// <param name="file">The file that records it.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="recorded">The recorded numbers.</param>
    /// <param name="computed">Ours.</param>
    /// <param name="limit">Largest relative difference that is right.</param>
    public void Compare(string file, string name, torch.Tensor recorded, torch.Tensor computed, double limit)
    {
        var (difference, place) = TensorDifference.Of(recorded, computed);
        Add(file, name, DifferenceMeasure.Relative, difference, limit, recorded.numel(), place);
    }

    /// <summary>Compares numbers of a JSON file.</summary>
    /// <param name="file">The file that records them.</param>
    /// <param name="name">What they are.</param>
    /// <param name="recorded">The recorded numbers.</param>
    /// <param name="computed">Ours.</param>
    /// <param name="limit">Largest relative difference that is right; null for the tolerance.</param>
    public void Compare(string file, string name, IReadOnlyList<double> recorded, IReadOnlyList<double> computed, double? limit = null)
    {
        using var scope = torch.NewDisposeScope();
        Compare(file, name, torch.tensor(recorded.ToArray()), torch.tensor(computed.ToArray()), limit ?? tolerance);
    }

    /// <summary>Compares numbers of a JSON file one by one.</summary>
    /// <param name="file">The file that records them.</param>
    /// <param name="name">What they are.</param>
    /// <param name="recorded">The recorded numbers.</param>
    /// <param name="computed">Ours.</param>
    /// <param name="measure"><see cref="DifferenceMeasure.EachRelative"/> or <see cref="DifferenceMeasure.Absolute"/>.</param>
    /// <param name="limit">Largest difference that is right.</param>
    public void CompareEach(string file, string name, IReadOnlyList<double> recorded, IReadOnlyList<double> computed, DifferenceMeasure measure, double limit)
    {
        if (recorded.Count != computed.Count)
        {
            Add(file, name, measure, double.PositiveInfinity, limit, recorded.Count, $"recorded are {recorded.Count} values, computed {computed.Count}");
            return;
        }

        double[] differences = [.. recorded.Zip(computed, (b, a) => Difference(a, b, measure))];
        var largest = differences.Length == 0 ? 0 : differences.Max();
        var place = Array.IndexOf(differences, largest);
        var detail = place < 0 ? "no values" : FormattableString.Invariant($"at [{place}]: recorded {recorded[place]:G17}, computed {computed[place]:G17}");
        Add(file, name, measure, largest, limit, recorded.Count, detail);
    }

    /// <summary>Compares what must be equal.</summary>
    /// <typeparam name="T">Type of a value.</typeparam>
    /// <param name="file">The file that records them.</param>
    /// <param name="name">What they are.</param>
    /// <param name="recorded">The recorded values.</param>
    /// <param name="computed">Ours.</param>
    /// <param name="place">Names value i in a message.</param>
    public void CompareExactly<T>(string file, string name, IReadOnlyList<T> recorded, IReadOnlyList<T> computed, Func<int, string> place)
    {
        if (recorded.Count != computed.Count)
        {
            Add(file, name, DifferenceMeasure.Differing, double.PositiveInfinity, 0, recorded.Count, $"recorded are {recorded.Count} values, computed {computed.Count}");
            return;
        }

        int[] wrong = [.. Enumerable.Range(0, recorded.Count).Where(index => !EqualityComparer<T>.Default.Equals(recorded[index], computed[index]))];
        var detail = wrong.Length == 0 ? string.Empty : FormattableString.Invariant($"{place(wrong[0])}: recorded {recorded[wrong[0]]}, computed {computed[wrong[0]]}");
        Differing(file, name, wrong.Length, recorded.Count, detail);
    }

    /// <summary>Records how many values are not what they must be.</summary>
    /// <param name="file">The file that records them.</param>
    /// <param name="name">What they are.</param>
    /// <param name="wrong">How many differ.</param>
    /// <param name="total">How many were compared.</param>
    /// <param name="detail">One of the differences in words.</param>
    public void Differing(string file, string name, long wrong, long total, string detail) =>
        Add(file, name, DifferenceMeasure.Differing, total == 0 ? 0 : (double)wrong / total, 0, total, wrong == 0 ? detail : $"{wrong} of {total} differ; {detail}");

    /// <summary>Records that one thing is wrong altogether.</summary>
    /// <param name="file">The file that records it.</param>
    /// <param name="name">What.</param>
    /// <param name="detail">What is wrong.</param>
    public void Fail(string file, string name, string detail) => Add(file, name, DifferenceMeasure.Differing, double.PositiveInfinity, 0, 1, detail);

    /// <summary>Says that something is not checked.</summary>
    /// <param name="file">The file that records it.</param>
    /// <param name="name">What.</param>
    /// <param name="reason">Why not.</param>
    public void NotChecked(string file, string name, string reason) => _unchecked.Add(new UncheckedItem(file, name, reason));

    /// <summary>The report.</summary>
    /// <returns>All that was found.</returns>
    public VerificationReport ToReport() => new() { Tolerance = tolerance, Checks = [.. _checks], NotChecked = [.. _unchecked] };

    // Not a number counts as infinitely different.
    private static double Difference(double a, double b, DifferenceMeasure measure) =>
        Math.Abs(a - b) / (measure == DifferenceMeasure.EachRelative && b != 0 ? Math.Abs(b) : 1) is var difference && double.IsNaN(difference) ? double.PositiveInfinity : difference;

    private void Add(string file, string name, DifferenceMeasure measure, double difference, double limit, long values, string detail) => _checks.Add(new VerificationCheck
    {
        File = file,
        Name = name,
        Measure = measure,
        Difference = difference,
        Limit = limit,
        Values = values,
        Detail = difference <= limit ? null : detail,
    });
}

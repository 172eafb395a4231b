using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References.Methods;

/// <summary>Gathers the quantities of one file by name, so that each name is one check however many numbers stand behind it, and holds each kind to its limit.</summary>
/// <param name="report">Hears what is found.</param>
/// <param name="file">The file.</param>
internal sealed class MethodQuantities(ReportBuilder report, string file)
{
    private readonly Dictionary<string, Numbers> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string Place, string Recorded, string Computed)>> _exact = new(StringComparer.Ordinal);

    /// <summary>What the quantities are reported to, for what reports by itself.</summary>
    public ReportBuilder Builder => report;

    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>Losses, divergences and sums of them, each to a fifth of the tolerance: in float32 they lie within a tenth of it.</summary>
    public void Loss(string name, IReadOnlyList<double> recorded, IReadOnlyList<double> computed) => Add(name, recorded, computed, DifferenceMeasure.EachRelative, 0.2 * report.Tolerance);

    /// <summary>Losses or log-probabilities of single tokens, in nat, where small ones are differences of large numbers.</summary>
    public void TokenLosses(string name, IReadOnlyList<double> recorded, IReadOnlyList<double> computed) => Add(name, recorded, computed, DifferenceMeasure.Absolute, 3 * report.Tolerance);

    /// <summary>What both sides compute in double precision without a model.</summary>
    public void Double(string name, IReadOnlyList<double> recorded, IReadOnlyList<double> computed) => Add(name, recorded, computed, DifferenceMeasure.Absolute, 1e-7 * report.Tolerance);

    /// <summary>What must be equal.</summary>
    public void Same(string name, string place, string recorded, string computed)
    {
        if (!_exact.TryGetValue(name, out var values))
        {
            _exact[name] = values = [];
        }

        values.Add((place, recorded, computed));
    }

    /// <summary>Lists that must be equal.</summary>
    public void Same<T>(string name, string place, IEnumerable<T> recorded, IEnumerable<T> computed) => Same(name, place, string.Join(' ', recorded), string.Join(' ', computed));

    /// <summary>The loss of an optimizer step and the norms of its gradient, through what training uses.</summary>
    /// <param name="name">In front of both names.</param>
    /// <param name="recorded">Holds both.</param>
    /// <param name="lossKey">Key of the loss.</param>
    /// <param name="normsKey">Key of the norms, by weight.</param>
    /// <param name="model">The model.</param>
    /// <param name="microBatches">The step.</param>
    public void Step(string name, RecordedValue recorded, string lossKey, string normsKey, ILanguageModel model, params IReadOnlyList<MicroBatchLoss> microBatches)
    {
        var norms = recorded[normsKey];
        string[] weights = [.. norms.Element.EnumerateObject().Select(property => property.Name)];
        var (loss, computed) = StepGradient.Of(model, LossMeans.Pool(microBatches), weights, norms);
        Loss(name + lossKey, [recorded[lossKey].Number()], [loss]);
        Add(name + normsKey, [.. weights.Select(weight => norms[weight].Number())], computed, DifferenceMeasure.EachRelative, report.Tolerance);
    }

    /// <summary>The norms of a gradient alone.</summary>
    public void Norms(string name, RecordedValue norms, ILanguageModel model, params IReadOnlyList<MicroBatchLoss> microBatches)
    {
        string[] weights = [.. norms.Element.EnumerateObject().Select(property => property.Name)];
        Add(name, [.. weights.Select(weight => norms[weight].Number())], StepGradient.Of(model, LossMeans.Pool(microBatches), weights, norms).Norms, DifferenceMeasure.EachRelative, report.Tolerance);
    }

    /// <summary>The losses of all tokens of a batch, each response by itself.</summary>
    public static double[][] TokenLossesOf(ILanguageModel model, TeacherForcedBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var losses = TokenLoss.NegativeLogLikelihoods(model, batch).to(torch.ScalarType.Float64).cpu().data<double>().ToArray();
        var start = 0;
        return [.. batch.Supervised.Select(mask => losses[start..(start += mask.Count(counts => counts))])];
    }

    /// <summary>Tells the report.</summary>
    public void Report()
    {
        foreach (var (name, numbers) in _numbers)
        {
            report.CompareEach(file, name, numbers.Recorded, numbers.Computed, numbers.Measure, numbers.Limit);
        }

        foreach (var (name, values) in _exact)
        {
            report.CompareExactly(file, name, [.. values.Select(value => value.Recorded)], [.. values.Select(value => value.Computed)], index => values[index].Place);
        }
    }

    private void Add(string name, IReadOnlyList<double> recorded, IReadOnlyList<double> computed, DifferenceMeasure measure, double limit)
    {
        if (recorded.Count != computed.Count)
        {
            report.Fail(file, name, $"recorded are {recorded.Count} values, computed {computed.Count}");
            return;
        }

        if (!_numbers.TryGetValue(name, out var numbers))
        {
            _numbers[name] = numbers = new Numbers([], [], measure, limit);
        }

        numbers.Recorded.AddRange(recorded);
        numbers.Computed.AddRange(computed);
    }

    private sealed record Numbers(List<double> Recorded, List<double> Computed, DifferenceMeasure Measure, double Limit);
}

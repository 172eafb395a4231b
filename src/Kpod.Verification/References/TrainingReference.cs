using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>Repeats recorded optimizer steps and holds losses, gradient norms and parameters against the recorded ones.</summary>
/// <param name="report">Hears what is found.</param>
/// <param name="numbers">The file with <c>batch1.</c>, <c>batch2.</c>, … and the numbers after the steps.</param>
internal sealed class TrainingReference(ReportBuilder report, ReferenceNumbers numbers)
{
    /// <summary>Trains on the recorded batches, one a step.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">What is trained, under the recorded names.</param>
    /// <param name="optimizer">With what.</param>
    /// <param name="afterStep">Told the number of each step after it was taken.</param>
    /// <exception cref="KpodException">A batch is missing or does not fit together, or a loss is not finite.</exception>
    public void Train(ILanguageModel model, IReadOnlyList<NamedParameter> parameters, ReferenceOptimizer optimizer, Action<int> afterStep)
    {
        using var scope = torch.NewDisposeScope();
        var (losses, norms) = (Name(optimizer, "losses"), Name(optimizer, "total_norms"));
        var steps = checked((int)numbers.Numbers(losses).numel());
        using var adam = new Adam(parameters, optimizer.Options);
        var taker = new OptimizerStep(adam, optimizer.Options, steps);
        var results = new List<OptimizerStepResult>();
        for (var step = 1; step <= steps; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            var batch = ReadBatch(model, step);
            results.Add(taker.Take([() => batch.WeightedLoss(model)], _ => $"{numbers.Name}, batch {step}"));
            using var noGradient = torch.no_grad();
            afterStep(step);
        }

        Compare(losses, results.Select(result => result.Loss));
        if (numbers.Has(norms))
        {
            Compare(norms, results.Select(result => result.GradientNorm));
        }
    }

    private ReferenceBatch ReadBatch(ILanguageModel model, int step)
    {
        var batch = ReferenceBatch.Read(numbers, $"batch{step}.", model);
        return batch.Fault is null ? batch : throw numbers.Wrong($"batch{step}.labels", $"does not fit its batch: {batch.Fault}");
    }

    private void Compare(string name, IEnumerable<double> computed)
    {
        using var scope = torch.NewDisposeScope();
        report.Compare(numbers.Name, name, numbers.Numbers(name).view(-1), torch.tensor(computed.ToArray()));
    }

    private static string Name(ReferenceOptimizer optimizer, string quantity) => optimizer.Prefix.Length == 0 ? quantity : $"{optimizer.Prefix}.{quantity}";
}

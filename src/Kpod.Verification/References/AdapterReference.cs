using System.Globalization;
using System.Text.RegularExpressions;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>Holds a model with a PEFT adapter against the adapter's <c>reference.safetensors</c>: logits, merged logits, loss, gradients, training.</summary>
/// <param name="report">Hears what is found.</param>
/// <param name="numbers">The adapter's file.</param>
/// <param name="model">The model; without an adapter.</param>
/// <param name="folder">The adapter's folder.</param>
internal sealed partial class AdapterReference(ReportBuilder report, ReferenceNumbers numbers, ILanguageModel model, string folder)
{
    private const string Gradient = "grad.";
    private const string LossesSuffix = ".losses";

    /// <summary>Checks the numbers that belong to the batch of the model's own <c>reference.safetensors</c>.</summary>
    /// <param name="batchNumbers">That file; null where there is none.</param>
    public void CheckForward(ReferenceNumbers? batchNumbers)
    {
        string[] names = [.. numbers.Names.Where(name => name is "logits" or "merged_logits" or "weighted_loss" || name.StartsWith(Gradient, StringComparison.Ordinal))];
        if (batchNumbers is null || !batchNumbers.Has("input_ids"))
        {
            NotChecked(names, "its batch is the model's own reference.safetensors, which is not there");
            return;
        }

        using var scope = torch.NewDisposeScope();
        var adapter = PeftAdapter.Load(model, folder);
        try
        {
            using (torch.no_grad())
            {
                CheckLogits(batchNumbers);
            }

            if (names.Any(name => name is not ("logits" or "merged_logits")))
            {
                CheckGradients(adapter, ReferenceBatch.Read(batchNumbers, string.Empty, model));
            }
        }
        finally
        {
            adapter.Detach();
        }
    }

    /// <summary>Repeats the training of every recorded optimizer, each from the stored adapter.</summary>
    public void CheckTraining()
    {
        foreach (var prefix in numbers.Names.Where(name => name.EndsWith(LossesSuffix, StringComparison.Ordinal)).Select(name => name[..^LossesSuffix.Length]).Order(StringComparer.Ordinal).ToArray())
        {
            if (ReferenceOptimizer.Find(numbers, prefix) is not { } optimizer)
            {
                NotChecked([.. numbers.Names.Where(name => name.StartsWith($"{prefix}.", StringComparison.Ordinal))], $"the optimizer '{prefix}' is not known and the file's metadata does not give its {prefix}.learning_rate");
                continue;
            }

            var adapter = PeftAdapter.Load(model, folder);
            try
            {
                new TrainingReference(report, numbers).Train(model, adapter.Parameters, optimizer, step => CheckParameters(adapter, prefix, step));
            }
            finally
            {
                adapter.Detach();
            }
        }

        // The batches were read by each training, or explain themselves by its absence.
        numbers.Pass(numbers.Names.Where(name => BatchName().IsMatch(name)));
    }

    private void CheckLogits(ReferenceNumbers batchNumbers)
    {
        using var scope = torch.NewDisposeScope();
        if (numbers.Has("logits"))
        {
            report.Compare(numbers.Name, "logits", numbers.Numbers("logits"), PaddedForward.Logits(model, batchNumbers));
        }

        if (numbers.Has("merged_logits"))
        {
            using var merged = new MergedAdapter(model);
            report.Compare(numbers.Name, "merged_logits", numbers.Numbers("merged_logits"), PaddedForward.Logits(model, batchNumbers));
        }
    }

    private void CheckGradients(LoraAdapter adapter, ReferenceBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        var loss = batch.WeightedLoss(model);
        var mean = loss.Sum.div(loss.Normaliser);
        if (numbers.Has("weighted_loss"))
        {
            report.Compare(numbers.Name, "weighted_loss", numbers.Numbers("weighted_loss").view(-1), mean.detach().view(1));
        }

        mean.backward();
        var own = adapter.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.grad ?? torch.zeros_like(parameter.Value), StringComparer.Ordinal);
        CompareAll(Gradient, own);
    }

    private void CheckParameters(LoraAdapter adapter, string prefix, int step) =>
        CompareAll(string.Create(CultureInfo.InvariantCulture, $"{prefix}.step{step}."), adapter.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal));

    private void CompareAll(string prefix, Dictionary<string, torch.Tensor> own)
    {
        foreach (var name in numbers.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray())
        {
            using var scope = torch.NewDisposeScope();
            var recorded = numbers.Numbers(name);
            if (own.GetValueOrDefault(WithoutPeftPrefix(name[prefix.Length..])) is { } computed)
            {
                report.Compare(numbers.Name, name, recorded, computed);
            }
            else
            {
                report.Fail(numbers.Name, name, "the adapter has no such tensor");
            }
        }
    }

    private static string WithoutPeftPrefix(string name) => name.StartsWith(PeftAdapter.Prefix, StringComparison.Ordinal) ? name[PeftAdapter.Prefix.Length..] : name;

    private void NotChecked(string[] names, string reason)
    {
        foreach (var name in names)
        {
            report.NotChecked(numbers.Name, name, reason);
        }

        numbers.Pass(names);
    }

    [GeneratedRegex(@"^batch[0-9]+\.")]
    private static partial Regex BatchName();
}

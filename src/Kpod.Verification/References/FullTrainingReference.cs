using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>Holds full fine-tuning against <c>full/reference.safetensors</c>: every weight after the recorded steps.</summary>
internal static class FullTrainingReference
{
    private const string Prefix = "weights.";

    // Names under which a checkpoint may store a tied weight once more.
    private static readonly Dictionary<string, string> Ties = new(StringComparer.Ordinal)
    {
        ["encoder.embed_tokens.weight"] = "shared.weight",
        ["decoder.embed_tokens.weight"] = "shared.weight",
    };

    /// <summary>Trains every weight of a model, which is of no use afterwards.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="numbers">The file.</param>
    /// <param name="model">The model, freshly loaded.</param>
    public static void Check(ReportBuilder report, ReferenceNumbers numbers, ILanguageModel model)
    {
        if (!numbers.Has("losses"))
        {
            return;
        }

        var parameters = model.Weights.Select(weight => new NamedParameter(weight.Key, weight.Value.requires_grad_(true))).ToList();
        new TrainingReference(report, numbers).Train(model, parameters, ReferenceOptimizer.Find(numbers, string.Empty)!, _ => { });
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var tiedHead = model.IsCausal ? "model.embed_tokens.weight" : "shared.weight";
        foreach (var name in numbers.Names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray())
        {
            var weight = name[Prefix.Length..];
            var own = Find(weight) ?? Find(Ties.GetValueOrDefault(weight, weight == "lm_head.weight" ? tiedHead : string.Empty));
            var recorded = numbers.Numbers(name);
            if (own is null)
            {
                report.Fail(numbers.Name, name, "the model has no such weight");
            }
            else
            {
                report.Compare(numbers.Name, name, recorded, own);
            }
        }

        torch.Tensor? Find(string weight) => parameters.Find(parameter => parameter.Name == weight)?.Value;
    }
}

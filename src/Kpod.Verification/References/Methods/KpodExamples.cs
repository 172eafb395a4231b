using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.StepDifficulty;
using Kpod.Verification.Recorded;

namespace Kpod.Verification.References.Methods;

/// <summary>The examples of a model folder's <c>kpod.json</c>.</summary>
internal static class KpodExamples
{
    /// <summary>Reads them.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="model">The model.</param>
    /// <returns>Each with its steps as intervals of rationale tokens.</returns>
    public static IReadOnlyList<(DistillationItem Item, Range[] Steps)> Read(string folder, ILanguageModel model) =>
        [.. RecordedValue.Read(Path.Combine(folder, "kpod.json"))["examples"].Items().Select((example, index) =>
        {
            var rationale = RecordedBatch.Rationale(RecordedBatch.Ids(example["prompt_ids"], model), RecordedBatch.Ids(example["rationale_ids"], model), RecordedBatch.Ids(example["answer_ids"], model), 0, index);
            Range[] steps = [.. example["steps"].Items().Select(step => step.Integers() is [var start, var end] && start >= 0 && end > start && end <= rationale.RationaleTokens.Length ? start..end
                : throw step.Wrong("is no interval [start, end) of rationale tokens"))];
            return (new DistillationItem(rationale, example["token_weights"].Numbers(), [.. steps.Select(step => step.End.Value)], index), steps);
        })];

    /// <summary>The weighted sum of each example's token losses.</summary>
    public static double[] WeightedSums(ILanguageModel model, IReadOnlyList<DistillationExample> examples) =>
        [.. MethodQuantities.TokenLossesOf(model, DistillationLoss.Batch(examples)).Zip(examples, (losses, example) => losses.Zip(example.Weights, (loss, weight) => loss * weight).Sum())];

    /// <summary>The losses of each rationale's own tokens.</summary>
    public static double[][] RationaleLosses(ILanguageModel model, IReadOnlyList<DistillationItem> items) =>
        RationaleLikelihood.NegativeLogLikelihoods(model, [.. items.Select(item => item.Rationale)], items.Count, progress: null, CancellationToken.None).ToArray();
}

using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;

namespace Kpod.Distillation.Methods.Scott;

/// <summary>
/// SCOTT (Wang et al., 2023): L = (1 - alpha) L_factual + alpha L_counterfactual. Two means over their own label tokens, not one pool; an optimizer step takes micro-batches of both kinds.
/// </summary>
/// <param name="Alpha">Share of the counterfactual loss.</param>
internal sealed record ScottLoss(double Alpha)
{
    /// <summary>The mean of the factual loss.</summary>
    public const string FactualMean = "label tokens of factual examples";

    /// <summary>The mean of the counterfactual loss.</summary>
    public const string CounterfactualMean = "label tokens of counterfactual examples";

    /// <summary>The loss of a micro-batch of factual examples.</summary>
    /// <param name="student">The student.</param>
    /// <param name="examples">The examples.</param>
    /// <returns>One mean, not yet computed.</returns>
    public MicroBatchLoss Factual(ILanguageModel student, IReadOnlyList<DistillationExample> examples) => Make(student, examples, FactualMean, 1 - Alpha);

    /// <summary>The loss of a micro-batch of counterfactual examples.</summary>
    /// <param name="student">The student.</param>
    /// <param name="examples">The examples.</param>
    /// <returns>One mean, not yet computed.</returns>
    public MicroBatchLoss Counterfactual(ILanguageModel student, IReadOnlyList<DistillationExample> examples) => Make(student, examples, CounterfactualMean, Alpha);

    private static MicroBatchLoss Make(ILanguageModel student, IReadOnlyList<DistillationExample> examples, string mean, double factor)
    {
        var tokens = examples.Sum(example => example.Weights.Length);
        return new MicroBatchLoss(tokens, [new LossMean(mean, factor, tokens)], () => [DistillationLoss.Of(student, examples).Sum]);
    }
}

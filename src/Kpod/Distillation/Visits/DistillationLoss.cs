using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;

namespace Kpod.Distillation.Visits;

/// <summary>Eq. 15 with the answer term of Eq. 1.</summary>
internal static class DistillationLoss
{
    /// <summary>
    /// L_o = - sum_i sum_{j ≥ p_{c_i+1}} w_ij log P(r_ij | r_i&lt;j, x_i) - sum_i sum_j log P(y_ij | y_i&lt;j, r_i, x_i), as a sum, with the number of supervised
    /// tokens as normaliser.
    /// </summary>
    /// <param name="student">The student.</param>
    /// <param name="examples">A micro-batch.</param>
    /// <returns>Sum and normaliser.</returns>
    public static LossSum Of(ILanguageModel student, IReadOnlyList<DistillationExample> examples)
    {
        return TokenLoss.Weighted(TokenLoss.NegativeLogLikelihoods(student, Batch(examples)), examples.SelectMany(example => example.Weights).ToArray());
    }

    /// <summary>The same as a loss that is not yet computed.</summary>
    /// <param name="student">The student.</param>
    /// <param name="examples">A micro-batch.</param>
    /// <returns>One mean over label tokens.</returns>
    public static MicroBatchLoss InMicroBatch(ILanguageModel student, IReadOnlyList<DistillationExample> examples) =>
        MicroBatchLoss.OverLabelTokens(examples.Sum(example => example.Weights.Length), () => Of(student, examples).Sum);

    /// <summary>Joins examples to what the student reads.</summary>
    /// <param name="examples">The examples.</param>
    /// <returns>One batch.</returns>
    public static TeacherForcedBatch Batch(IReadOnlyList<DistillationExample> examples) => new(
        [.. examples.Select(example => example.PromptIds)],
        [.. examples.Select(example => example.ResponseIds)],
        [.. examples.Select(example => example.Supervised)]);
}

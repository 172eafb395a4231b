using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>
/// Distribution matching (Fu et al., 2023): sum_j KL(P_j || Q_j), with KL = sum_v p_v log(p_v / (q_v + 1e-10) + 1e-10) over the tokens that the teacher lists. Micro-batches of the answer formats use cross-entropy in its place; both are
/// sums over label tokens and share one mean.
/// </summary>
internal static class DistributionMatching
{
    private const double Epsilon = 1e-10;

    /// <summary>The loss of a micro-batch.</summary>
    /// <param name="student">The student.</param>
    /// <param name="examples">The examples.</param>
    /// <returns>One mean over label tokens; not yet computed.</returns>
    public static MicroBatchLoss Of(ILanguageModel student, IReadOnlyList<DistributionExample> examples)
    {
        if (examples.FirstOrDefault(example => example.Teacher.Count != example.ResponseIds.Length) is { } wrong)
        {
            throw new ArgumentException($"A response of {wrong.ResponseIds.Length} tokens has {wrong.Teacher.Count} distributions of its teacher.", nameof(examples));
        }

        return MicroBatchLoss.OverLabelTokens(examples.Sum(example => example.ResponseIds.Length), () =>
        {
            using var scope = torch.NewDisposeScope();
            return Divergences(student, examples).sum().MoveToOuterDisposeScope();
        });
    }

    /// <summary>The divergence of each response token.</summary>
    /// <param name="student">The student.</param>
    /// <param name="examples">The examples.</param>
    /// <returns>(label tokens).</returns>
    public static torch.Tensor Divergences(ILanguageModel student, IReadOnlyList<DistributionExample> examples)
    {
        using var scope = torch.NewDisposeScope();
        var batch = new TeacherForcedBatch(
            [.. examples.Select(example => example.PromptIds)],
            [.. examples.Select(example => example.ResponseIds)],
            [.. examples.Select(example => example.ResponseIds.Select(_ => true).ToArray())]);
        var logits = student.Logits(student.PredictingStates(batch));
        return Divergences(logits, [.. examples.SelectMany(example => example.Teacher)]).MoveToOuterDisposeScope();
    }

    /// <summary>The divergence at each position.</summary>
    /// <param name="logits">The student's, (positions, vocabulary).</param>
    /// <param name="teacher">The teacher's distributions.</param>
    /// <returns>(positions), of the logits' type.</returns>
    public static torch.Tensor Divergences(torch.Tensor logits, IReadOnlyList<TeacherDistribution> teacher)
    {
        using var scope = torch.NewDisposeScope();
        var width = teacher.Max(distribution => distribution.Ids.Count);

        // What pads has the probability 0 and adds nothing.
        long[] ids = [.. teacher.SelectMany(distribution => Enumerable.Range(0, width).Select(place => place < distribution.Ids.Count ? (long)distribution.Ids[place] : 0))];
        double[] probabilities = [.. teacher.SelectMany(distribution => Enumerable.Range(0, width).Select(place => place < distribution.Ids.Count ? distribution.Probabilities[place] : 0))];
        var p = torch.tensor(probabilities, logits.dtype, logits.device).view(teacher.Count, width);
        var q = functional.softmax(logits, -1).gather(1, torch.tensor(ids, device: logits.device).view(teacher.Count, width));
        return p.mul(p.div(q.add(Epsilon)).add(Epsilon).log()).sum(1).MoveToOuterDisposeScope();
    }
}

using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Distillation.Curricula;

/// <summary>The difficulty scores of KPOD-ACL: they begin as the losses of the student before distillation and follow those of the student in training.</summary>
internal static class AdaptiveScores
{
    /// <summary>How far a score follows the loss of an epoch.</summary>
    public const double FollowingShare = 0.7;

    /// <summary>The scores after an epoch: (1 - a) s + a · loss.</summary>
    /// <param name="scores">The scores before.</param>
    /// <param name="losses">The loss of every sample, learned in this epoch or not.</param>
    /// <param name="share">a.</param>
    /// <returns>The new scores.</returns>
    public static double[] Follow(IReadOnlyList<double> scores, IReadOnlyList<double> losses, double share = FollowingShare) =>
        [.. scores.Zip(losses, (score, loss) => ((1 - share) * score) + (share * loss))];

    /// <summary>The loss of each sample: its weighted sum by its number of label tokens.</summary>
    /// <param name="student">The student as it is now.</param>
    /// <param name="examples">The samples, of one batch.</param>
    /// <returns>One loss a sample, in nat a label token.</returns>
    public static double[] Losses(ILanguageModel student, IReadOnlyList<DistillationExample> examples)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var losses = TokenLoss.NegativeLogLikelihoods(student, DistillationLoss.Batch(examples)).to(torch.ScalarType.Float64).cpu().data<double>().ToArray();
        var start = 0;
        return [.. examples.Select(example => losses[start..(start += example.Weights.Length)].Zip(example.Weights, (loss, weight) => loss * weight).Average())];
    }
}

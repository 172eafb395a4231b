using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Distillation.Methods.Scott;

/// <summary>
/// The contrast for a teacher whose token probabilities are not to be had: of several rationales, the one that an open model finds likelier after the given answer than after the other, per token. A surrogate for whole texts of contrastive decoding.
/// </summary>
/// <param name="Given">Log-probabilities of each candidate's tokens after the given prompt.</param>
/// <param name="Contrast">The same after the contrast prompt.</param>
/// <param name="Scores">Mean over the tokens of given - lambda · contrast.</param>
internal sealed record ContrastiveRerank(IReadOnlyList<double[]> Given, IReadOnlyList<double[]> Contrast, IReadOnlyList<double> Scores)
{
    /// <summary>Index of the best candidate, the first of several.</summary>
    public int Chosen => Scores.Select((score, index) => (score, index)).MaxBy(candidate => candidate.score).index;

    /// <summary>Scores candidates.</summary>
    /// <param name="model">The open model.</param>
    /// <param name="prompt">The two prompts.</param>
    /// <param name="candidates">Token ids of each candidate, at least one token each.</param>
    /// <param name="lambda">Weight of the contrast.</param>
    /// <returns>The scores.</returns>
    public static ContrastiveRerank Of(ILanguageModel model, ContrastivePrompt prompt, IReadOnlyList<int[]> candidates, double lambda)
    {
        var (given, contrast) = (LogProbabilities(model, prompt.Given, candidates), LogProbabilities(model, prompt.Contrast, candidates));
        return new ContrastiveRerank(given, contrast, [.. given.Zip(contrast, (one, other) => one.Zip(other, (g, c) => g - (lambda * c)).Average())]);
    }

    private static double[][] LogProbabilities(ILanguageModel model, int[] prompt, IReadOnlyList<int[]> candidates)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var batch = new TeacherForcedBatch([.. candidates.Select(_ => prompt)], candidates, [.. candidates.Select(candidate => candidate.Select(_ => true).ToArray())]);
        var losses = TokenLoss.NegativeLogLikelihoods(model, batch).to(torch.ScalarType.Float64).cpu().data<double>().ToArray();
        var start = 0;
        return [.. candidates.Select(candidate => losses[start..(start += candidate.Length)].Select(loss => -loss).ToArray())];
    }
}

using Kpod.Models;
using Kpod.Runs;
using Kpod.Tokenizers;
using Kpod.Training;

namespace Kpod.Quickstart;

/// <summary>Trains a small base from nothing on primer text, all weights, so that the quickstart has an un-distilled student that knows words and small sums but not how a story is solved.</summary>
internal static class BasePretrainer
{
    private static readonly OptimizerOptions Optimizer = new() { LearningRate = 3e-3, Course = LearningRateCourse.Cosine, WarmUpSteps = 20, Beta2 = 0.95, MaximumGradientNorm = 1 };

    /// <summary>Trains.</summary>
    /// <param name="model">The model with fresh weights; trained in place.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="endId">The token behind every passage.</param>
    /// <param name="steps">Optimizer steps.</param>
    /// <param name="batchSize">Passages a step.</param>
    /// <param name="seed">Decides the passages.</param>
    /// <param name="progress">Is told after each step.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>Mean loss of the last tenth of the steps, in nat a token.</returns>
    public static double Train(ILanguageModel model, ITokenizer tokenizer, int endId, int steps, int batchSize, long seed, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        foreach (var (_, weight) in model.Weights)
        {
            weight.requires_grad_(true);
        }

        var primer = new PrimerText(Seeds.Generator(seed, "primer text"));
        using var adam = new Adam([.. model.Weights.Select(weight => new NamedParameter(weight.Key, weight.Value))], Optimizer);
        var step = new OptimizerStep(adam, Optimizer, steps);
        var losses = new List<double>(steps);
        for (var number = 1; number <= steps; number++)
        {
            cancel.ThrowIfCancellationRequested();
            var passages = Enumerable.Range(0, batchSize).Select(_ => primer.Next()).ToArray();
            losses.Add(step.Take([() => Loss(model, tokenizer, endId, passages)], _ => "primer text").Loss);
            progress?.Report(new StageProgress(number, steps, "optimizer steps", losses[^1]));
        }

        foreach (var (_, weight) in model.Weights)
        {
            weight.requires_grad_(false);
        }

        return losses.TakeLast(Math.Max(1, steps / 10)).Average();
    }

    // A causal model learns every token but the first; an encoder-decoder reads what is given and learns what is written.
    private static LossSum Loss(ILanguageModel model, ITokenizer tokenizer, int endId, PrimerPassage[] passages)
    {
        var sequences = passages.Select(passage =>
        {
            int[] Ids(string text) => [.. tokenizer.Encode(text).Select(token => token.Id), endId];
            if (!model.IsCausal)
            {
                return (Prompt: Ids(passage.Given), Response: Ids(passage.Written));
            }

            var all = Ids($"{passage.Given} {passage.Written}");
            return (Prompt: all[..1], Response: all[1..]);
        }).ToArray();
        var batch = new TeacherForcedBatch(
            [.. sequences.Select(sequence => sequence.Prompt)],
            [.. sequences.Select(sequence => sequence.Response)],
            [.. sequences.Select(sequence => Enumerable.Repeat(true, sequence.Response.Length).ToArray())]);
        var likelihoods = TokenLoss.NegativeLogLikelihoods(model, batch);
        return TokenLoss.Weighted(likelihoods, Enumerable.Repeat(1f, batch.SupervisedCount).ToArray());
    }
}

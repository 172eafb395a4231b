using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using Kpod.Runs;
using Kpod.Tokenizers;

namespace Kpod.Quickstart.Base;

/// <summary>Trains a small base from nothing on primer text, all weights, so that the quickstart has an un-distilled student that knows words and small sums but not how a story is solved.</summary>
internal static class BasePretrainer
{
    private const double WholeTextShare = 0.6;

    // Passages of like length that are computed together: a step's passages differ severalfold in length, and what is padded costs as much as what is not.
    private const int MicroBatch = 4;

    private static readonly OptimizerOptions Optimizer = new() { LearningRate = 3e-3, Course = LearningRateCourse.Cosine, WarmUpSteps = 20, Beta2 = 0.95, MaximumGradientNorm = 1 };

    /// <summary>Trains.</summary>
    /// <param name="model">The model with fresh weights; trained in place.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="endId">The token behind every passage.</param>
    /// <param name="holeId">The token in the place of what is left out: the one that a masked rationale token will start from.</param>
    /// <param name="steps">Optimizer steps.</param>
    /// <param name="batchSize">Passages a step.</param>
    /// <param name="seed">Decides the passages.</param>
    /// <param name="progress">Is told after each step.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>Mean loss of the last tenth of the steps, in nat a token.</returns>
    public static double Train(ILanguageModel model, ITokenizer tokenizer, int endId, int holeId, int steps, int batchSize, long seed, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        foreach (var (_, weight) in model.Weights)
        {
            weight.requires_grad_(true);
        }

        var primer = new PrimerText(Seeds.Generator(seed, "primer text"), model.IsCausal);
        var holes = Seeds.Generator(seed, "primer holes");
        using var adam = new Adam([.. model.Weights.Select(weight => new NamedParameter(weight.Key, weight.Value) { RateFactor = RateFactor(weight.Key) })], Optimizer);
        var step = new OptimizerStep(adam, Optimizer, steps);
        var losses = new List<double>(steps);
        for (var number = 1; number <= steps; number++)
        {
            cancel.ThrowIfCancellationRequested();
            var passages = Enumerable.Range(0, batchSize).Select(_ => primer.Next(withDamage: number > WholeTextShare * steps)).ToArray();
            var sequences = passages.Select(passage => Encode(model, tokenizer, endId, holeId, passage, holes)).OrderBy(sequence => sequence.Prompt.Length + sequence.Response.Length).ToArray();
            losses.Add(step.Take([.. sequences.Chunk(MicroBatch).Select(some => (Func<LossSum>)(() => Loss(model, some)))], _ => "primer text").Loss);
            progress?.Report(new StageProgress(number, steps, "optimizer steps", losses[^1]));
        }

        foreach (var (_, weight) in model.Weights)
        {
            weight.requires_grad_(false);
        }

        return losses.TakeLast(Math.Max(1, steps / 10)).Average();
    }

    // Adam moves every number by the same amount: T5's queries, which have the attention's scale in them and are small, need smaller moves, and the few numbers of
    // its relative position bias, which must grow to several nat, larger ones.
    private static double RateFactor(string name) => name switch
    {
        _ when name.EndsWith("Attention.q.weight", StringComparison.Ordinal) => 0.1,
        _ when name.EndsWith("relative_attention_bias.weight", StringComparison.Ordinal) => 30,
        _ => 1,
    };

    // A causal model learns every token but the first and the holes; an encoder-decoder reads what is given and learns what is written.
    private static (int[] Prompt, int[] Response, bool[] Learned) Encode(ILanguageModel model, ITokenizer tokenizer, int endId, int holeId, PrimerPassage passage, Random random)
    {
        var text = tokenizer.Encode(model.IsCausal ? passage.Given + passage.Link + passage.Written : passage.Given);
        bool[] holes = [.. text.Select(token => token.Start >= passage.HolesFrom && token.End <= passage.Given.Length && random.NextDouble() < passage.HoleShare)];
        int[] read = [.. text.Zip(holes, (token, isHole) => isHole ? holeId : token.Id), endId];
        int[] written = [.. tokenizer.Encode(passage.Written).Select(token => token.Id), endId];
        return model.IsCausal
            ? (read[..1], read[1..], holes.Skip(1).Select(isHole => !isHole).Append(true).ToArray())
            : (read, written, Enumerable.Repeat(true, written.Length).ToArray());
    }

    private static LossSum Loss(ILanguageModel model, (int[] Prompt, int[] Response, bool[] Learned)[] sequences)
    {
        var batch = new TeacherForcedBatch(
            [.. sequences.Select(sequence => sequence.Prompt)], [.. sequences.Select(sequence => sequence.Response)], [.. sequences.Select(sequence => sequence.Learned)]);
        var likelihoods = TokenLoss.NegativeLogLikelihoods(model, batch);
        return TokenLoss.Weighted(likelihoods, Enumerable.Repeat(1f, batch.SupervisedCount).ToArray());
    }
}

using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Distillation.Methods.MccKd;

/// <summary>
/// MCC-KD (Chen et al., 2023): L = (CE_a + CE_b)/2 + alpha · mean over pairs of (KL(p || q) + KL(q || p))/2, with p and q the predictions of the answer's tokens after rationale a and after rationale b. Three means of an optimizer step:
/// each cross-entropy over its own label tokens, the divergence over the pairs whose answers have the same tokens.
/// </summary>
/// <param name="Alpha">Weight of the divergence.</param>
/// <param name="Temperature">Of both softmaxes of the divergence.</param>
internal sealed record MccKdLoss(double Alpha, double Temperature = 1)
{
    /// <summary>The mean of the first responses' cross-entropy.</summary>
    public const string FirstMean = "label tokens of the first rationale";

    /// <summary>The mean of the second responses' cross-entropy.</summary>
    public const string SecondMean = "label tokens of the second rationale";

    /// <summary>The mean of the divergence.</summary>
    public const string DivergenceMean = "pairs with a common answer";

    /// <summary>The loss of a micro-batch.</summary>
    /// <param name="student">The student.</param>
    /// <param name="pairs">The pairs.</param>
    /// <returns>Three means; not yet computed.</returns>
    public MicroBatchLoss Of(ILanguageModel student, IReadOnlyList<ResponsePair> pairs)
    {
        var (first, second) = (pairs.Sum(pair => pair.First.Length), pairs.Sum(pair => pair.Second.Length));
        LossMean[] means = [new(FirstMean, 0.5, first), new(SecondMean, 0.5, second), new(DivergenceMean, Alpha, pairs.Count(pair => pair.HasCommonAnswer))];
        return new MicroBatchLoss(first + second, means, () => Sums(student, pairs, first));
    }

    /// <summary>The divergence of each pair with a common answer, position by position.</summary>
    /// <param name="student">The student.</param>
    /// <param name="states">What predicts each token of all first, then all second responses.</param>
    /// <param name="pairs">The pairs.</param>
    /// <returns>The divergences; at least one pair must have a common answer.</returns>
    public BidirectionalDivergence Divergence(ILanguageModel student, torch.Tensor states, IReadOnlyList<ResponsePair> pairs)
    {
        using var scope = torch.NewDisposeScope();
        var (first, second) = Rows(pairs);
        var logits = student.Logits(states.index_select(0, torch.tensor([.. first, .. second], device: states.device)));
        var divergence = BidirectionalDivergence.Of(logits.narrow(0, 0, first.Count), logits.narrow(0, first.Count, second.Count), Temperature);
        return new BidirectionalDivergence(divergence.FirstToSecond.MoveToOuterDisposeScope(), divergence.SecondToFirst.MoveToOuterDisposeScope());
    }

    /// <summary>All first responses, then all second ones, every token supervised.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <returns>One batch.</returns>
    public static TeacherForcedBatch Batch(IReadOnlyList<ResponsePair> pairs)
    {
        int[][] prompts = [.. pairs.Select(pair => pair.PromptIds)];
        int[][] responses = [.. pairs.Select(pair => pair.First), .. pairs.Select(pair => pair.Second)];
        return new TeacherForcedBatch([.. prompts, .. prompts], responses, [.. responses.Select(response => response.Select(_ => true).ToArray())]);
    }

    // Both passes in one batch: each row is computed as if it were alone.
    private torch.Tensor[] Sums(ILanguageModel student, IReadOnlyList<ResponsePair> pairs, int firstTokens)
    {
        using var scope = torch.NewDisposeScope();
        var batch = Batch(pairs);
        var states = student.PredictingStates(batch);
        var losses = TokenLoss.NegativeLogLikelihoods(student, states, batch);
        int[] lengths = [.. pairs.Where(pair => pair.HasCommonAnswer).Select(pair => pair.FirstSpan.Length)];
        var divergence = lengths.Length == 0 || Alpha == 0 ? torch.zeros([], device: student.Device) : Divergence(student, states, pairs).Sum(lengths);
        return
        [
            losses.narrow(0, 0, firstTokens).sum().MoveToOuterDisposeScope(),
            losses.narrow(0, firstTokens, losses.shape[0] - firstTokens).sum().MoveToOuterDisposeScope(),
            divergence.MoveToOuterDisposeScope(),
        ];
    }

    // The states are those that predict each response token, so the span's own indices are theirs.
    private static (List<long> First, List<long> Second) Rows(IReadOnlyList<ResponsePair> pairs)
    {
        var (first, second) = (new List<long>(), new List<long>());
        var (firstStart, secondStart) = (0L, (long)pairs.Sum(pair => pair.First.Length));
        foreach (var pair in pairs)
        {
            if (pair.HasCommonAnswer)
            {
                first.AddRange(Enumerable.Range(pair.FirstSpan.Start, pair.FirstSpan.Length).Select(token => firstStart + token));
                second.AddRange(Enumerable.Range(pair.SecondSpan.Start, pair.SecondSpan.Length).Select(token => secondStart + token));
            }

            firstStart += pair.First.Length;
            secondStart += pair.Second.Length;
        }

        return (first, second);
    }
}

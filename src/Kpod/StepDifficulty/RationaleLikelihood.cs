using Kpod.LanguageModels;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.StepDifficulty;

/// <summary>How unlikely each token of a rationale is to the student as it stands, with the prompt and the teacher's own tokens before it.</summary>
internal static class RationaleLikelihood
{
    // Logits of this many values, 64 MiB in float32, are alive at once.
    private const int MostLogits = 1 << 24;

    /// <summary>-log P(r_j | r_{&lt;j}, x) of every rationale token.</summary>
    /// <param name="model">The un-distilled student.</param>
    /// <param name="rationales">The rationales; the answer segment is left away, for it comes after all that is scored.</param>
    /// <param name="batchSize">Rationales a batch; batches hold similar lengths.</param>
    /// <param name="progress">Hears of every batch.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <returns>Per rationale one value a token, in nat, never below 0.</returns>
    /// <exception cref="KpodException">The student gives no finite likelihood; the message names the rationale and the token.</exception>
    public static double[][] NegativeLogLikelihoods(
        ILanguageModel model, IReadOnlyList<EncodedRationale> rationales, int batchSize, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        var result = new double[rationales.Count][];
        var done = 0;
        using var noGradient = torch.no_grad();
        foreach (var batch in Enumerable.Range(0, rationales.Count).OrderBy(item => rationales[item].Length).Chunk(batchSize))
        {
            cancel.ThrowIfCancellationRequested();
            var losses = Score(model, [.. batch.Select(item => rationales[item])]);
            var next = 0;
            foreach (var item in batch)
            {
                var rationale = rationales[item];
                result[item] = [.. losses.AsSpan(next, rationale.RationaleTokens.Length)];
                next += rationale.RationaleTokens.Length;
                RequireFinite(rationale, result[item]);
            }

            done += batch.Length;
            progress?.Report(new StageProgress(done, rationales.Count, "rationales"));
        }

        return result;
    }

    private static double[] Score(ILanguageModel model, IReadOnlyList<EncodedRationale> rationales)
    {
        using var scope = torch.NewDisposeScope();
        int[][] responses = [.. rationales.Select(rationale => rationale.RationaleTokens.Select(token => token.Id).ToArray())];
        bool[][] supervised = [.. responses.Select(response => Enumerable.Repeat(true, response.Length).ToArray())];
        var batch = new TeacherForcedBatch([.. rationales.Select(rationale => rationale.PromptIds)], responses, supervised);
        var states = model.PredictingStates(batch);
        var targets = torch.tensor(batch.Targets(), device: model.Device);
        var losses = new double[batch.SupervisedCount];
        var rowsAtOnce = Math.Max(1, MostLogits / model.VocabularySize);
        for (var row = 0; row < losses.Length; row += rowsAtOnce)
        {
            using var part = torch.NewDisposeScope();
            var rows = Math.Min(rowsAtOnce, losses.Length - row);
            var loss = functional.cross_entropy(model.Logits(states.narrow(0, row, rows)), targets.narrow(0, row, rows), reduction: Reduction.None);
            var values = loss.to(torch.ScalarType.Float64).cpu().data<double>();
            for (var index = 0; index < rows; index++)
            {
                // A certain token may come out a rounding error below 0; NaN stays what it is.
                losses[row + index] = Math.Max(0, values[index]);
            }
        }

        return losses;
    }

    private static void RequireFinite(EncodedRationale rationale, double[] losses)
    {
        var token = Array.FindIndex(losses, loss => !double.IsFinite(loss));
        if (token >= 0)
        {
            throw new KpodException(
                FormattableString.Invariant($"Rationale {rationale.Key}: the student's loss of token {token} is {losses[token]}. ")
                + "Its weights overflow in this precision or are damaged: try float32, or another checkpoint.");
        }
    }
}

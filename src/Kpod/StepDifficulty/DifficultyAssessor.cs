using Kpod.LanguageModels;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;
using Kpod.TokenWeighting.Weights;

namespace Kpod.StepDifficulty;

/// <summary>Cuts rationales into steps and says how hard each step is for the student before distillation (section 3.4, Eq. 8).</summary>
public static class DifficultyAssessor
{
    /// <summary>Assesses the steps of all rationales.</summary>
    /// <param name="model">The pre-trained, un-distilled student, without an adapter.</param>
    /// <param name="rationales">The rationales as its tokens.</param>
    /// <param name="weights">The token weights of each rationale, in any order; not read with <see cref="StepDifficultyOptions.UniformWeights"/>.</param>
    /// <param name="options">How to cut and weigh.</param>
    /// <param name="progress">Hears how many rationales are done.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <returns>Steps and difficulties in the order of <paramref name="rationales"/>.</returns>
    /// <exception cref="KpodException">
    /// A rationale has no tokens, is longer than the student can read, has no or other tokens' weights, or gets no finite likelihood; the message names it.
    /// </exception>
    public static IReadOnlyList<RationaleDifficulty> Assess(
        ILanguageModel model,
        IReadOnlyList<EncodedRationale> rationales,
        IReadOnlyList<RationaleTokenWeights> weights,
        StepDifficultyOptions options,
        IProgress<StageProgress>? progress,
        CancellationToken cancel)
    {
        if (model.Linears.FirstOrDefault(linear => linear.Lora is not null) is { } adapted)
        {
            throw new ArgumentException($"The student carries an adapter on {adapted.Name}; Eq. 8 wants it before distillation.", nameof(model));
        }

        var faults = options.Check().Concat(rationales.SelectMany(rationale => Check(rationale, model))).ToList();
        if (faults.Count > 0)
        {
            throw KpodException.FromFaults("Step difficulty", faults);
        }

        // The weights are checked before the student reads anything, which may take an hour.
        var aligned = options.UniformWeights ? null : AlignedTokenWeights.Of(rationales, weights);
        var losses = RationaleLikelihood.NegativeLogLikelihoods(model, rationales, options.BatchSize, progress, cancel);
        return [.. rationales.Select((rationale, item) => Assess(rationale, losses[item], aligned?[item], options.SplitOnNewline))];
    }

    /// <summary>Assesses the steps of one rationale from the losses of its tokens.</summary>
    /// <param name="rationale">The rationale.</param>
    /// <param name="negativeLogLikelihoods">One loss a token, in nat.</param>
    /// <param name="weights">One weight a token, or null where all count alike.</param>
    /// <param name="splitOnNewline">Whether a line's end also ends a step.</param>
    /// <returns>Its steps and their difficulties.</returns>
    internal static RationaleDifficulty Assess(EncodedRationale rationale, double[] negativeLogLikelihoods, double[]? weights, bool splitOnNewline)
    {
        var steps = TokenSteps.Map(rationale.Text, StepSplitter.Split(rationale.Text, splitOnNewline), rationale.RationaleTokens);
        return new RationaleDifficulty
        {
            QuestionId = rationale.QuestionId,
            Sample = rationale.Sample,
            Steps = [.. steps.Select(step => new StepWithDifficulty(step.Start, step.End, step.FirstToken, step.EndToken, Difficulty(step)))],
        };

        double Difficulty(StepTokens step)
        {
            var tokens = step.FirstToken..step.EndToken;
            return weights is null
                ? StepDifficultyFormula.Uniform(negativeLogLikelihoods.AsSpan(tokens))
                : StepDifficultyFormula.Weighted(negativeLogLikelihoods.AsSpan(tokens), weights.AsSpan(tokens));
        }
    }

    private static IEnumerable<string> Check(EncodedRationale rationale, ILanguageModel model)
    {
        if (rationale.RationaleTokens.Length == 0 || rationale.Text.Length == 0)
        {
            yield return $"rationale {rationale.Key} has no tokens, so it has no steps. Drop it.";
        }

        // An encoder-decoder reads prompt and rationale apart, so each has the whole length.
        var (prompt, response) = (rationale.PromptIds.Length, rationale.RationaleTokens.Length);
        var length = model.IsCausal ? prompt + response : Math.Max(prompt, response);
        if (length > model.MaximumLength)
        {
            yield return $"rationale {rationale.Key} has {length} tokens with its prompt, the student reads {model.MaximumLength} at most. "
                + "Drop it or shorten it.";
        }
    }
}

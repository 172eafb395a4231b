using Kpod.Distillation.Visits;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Distillation.Methods.Scott;

/// <summary>The two kinds of example of SCOTT (Wang et al., 2023). In both the response begins with the tag.</summary>
internal static class ScottExample
{
    /// <summary>Tag, rationale, answer segment: every token is learned.</summary>
    /// <param name="rationale">The tagged rationale of the gold answer.</param>
    /// <returns>The example.</returns>
    public static DistillationExample Factual(EncodedRationale rationale) => Make(rationale, firstSupervised: 0);

    /// <summary>The wrong answer and the end token alone are learned; tag, rationale and connector are given.</summary>
    /// <param name="rationale">The tagged rationale of a wrong answer, with that answer.</param>
    /// <returns>The example.</returns>
    public static DistillationExample Counterfactual(EncodedRationale rationale) => Make(rationale, rationale.RationaleTokens.Length + rationale.AnswerValueStart);

    private static DistillationExample Make(EncodedRationale rationale, int firstSupervised)
    {
        var response = rationale.ResponseIds();
        return new DistillationExample
        {
            Key = rationale.Key,
            PromptIds = rationale.PromptIds,
            ResponseIds = response,
            Supervised = [.. response.Select((_, token) => token >= firstSupervised)],
            Weights = [.. Enumerable.Repeat(1f, response.Length - firstSupervised)],
            GivenSteps = 0,
        };
    }
}

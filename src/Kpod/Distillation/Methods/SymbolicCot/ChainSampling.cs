using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Distillation.Methods.SymbolicCot;

/// <summary>SCoTD (Li et al., 2023): plain chain-of-thought distillation on many sampled chains a question. With one chain a question it is Eq. 1.</summary>
internal static class ChainSampling
{
    /// <summary>The visits of an epoch, in the order of questions, then chains.</summary>
    /// <param name="correct">Per question, per sampled chain, whether its answer is the gold one.</param>
    /// <param name="variant">Which chains count.</param>
    /// <returns>The visits; questions without a usable chain have none.</returns>
    public static IReadOnlyList<ChainSlot> Slots(IReadOnlyList<IReadOnlyList<bool>> correct, SamplingVariant variant) =>
        [.. correct.SelectMany((chains, question) => OfQuestion(question, chains, variant))];

    /// <summary>The whole training text of a visit.</summary>
    /// <param name="prompt">Question and p.</param>
    /// <param name="chain">The chain as sampled; a closing sentence with the answer leaves it. Null where only the answer is learned.</param>
    /// <param name="gold">The gold answer.</param>
    /// <returns>Prompt and response.</returns>
    public static string Text(string prompt, string? chain, string gold) =>
        $"{prompt}{(chain is null ? string.Empty : " " + CotPrompt.WithoutAnswerSentence(chain))}{CotPrompt.Connector}{gold}";

    /// <summary>The same prompt with the answer segment alone as response.</summary>
    /// <param name="rationale">Any rationale of the question.</param>
    /// <returns>It without its own tokens.</returns>
    public static EncodedRationale WithoutRationale(EncodedRationale rationale) => rationale with { Text = string.Empty, RationaleTokens = [] };

    private static IEnumerable<ChainSlot> OfQuestion(int question, IReadOnlyList<bool> chains, SamplingVariant variant)
    {
        int[] right = [.. Enumerable.Range(0, chains.Count).Where(chain => chains[chain])];
        return variant switch
        {
            SamplingVariant.NoFilter => Enumerable.Range(0, chains.Count).Select(chain => new ChainSlot(question, [chain])),
            SamplingVariant.AllCorrectPaths => right.Select(chain => new ChainSlot(question, [chain])),
            _ when right.Length == 0 => [],
            SamplingVariant.AllCorrectPathsBalanced => [new ChainSlot(question, right)],
            SamplingVariant.OneCorrectPath => [new ChainSlot(question, [right[0]])],
            SamplingVariant.AnswerOnly => [new ChainSlot(question, [])],
            _ => throw new ArgumentOutOfRangeException(nameof(variant), variant, "There is no such variant."),
        };
    }
}

namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>Inputs and targets of the four formats.</summary>
internal static class SpecializedTexts
{
    /// <summary>What an answer begins with.</summary>
    public const string AnswerSentence = "The answer is";

    private const string Trigger = "Let's think step by step";

    /// <summary>What the student reads.</summary>
    /// <param name="format">The format.</param>
    /// <param name="question">The question.</param>
    /// <param name="demonstrations">What stands in front of it in the in-context formats; may be empty where all were too long.</param>
    /// <returns>The text.</returns>
    public static string Input(SpecializedFormat format, string question, IReadOnlyList<Demonstration> demonstrations) => format switch
    {
        SpecializedFormat.ZeroShotAnswerOnly => $"Q: {question} A:",
        SpecializedFormat.ZeroShotCot => Input(question, withChain: true),
        _ => string.Concat(demonstrations.Select(demonstration => demonstration.Text(format))) + Input(question, format == SpecializedFormat.InContextCot),
    };

    /// <summary>What the student learns to write.</summary>
    /// <param name="format">The format.</param>
    /// <param name="chain">The teacher's chain.</param>
    /// <returns>The chain, or from its answer sentence on; null where an answer is asked for and the chain has no such sentence.</returns>
    public static string? Target(SpecializedFormat format, string chain)
    {
        if (HasChain(format))
        {
            return chain;
        }

        var start = chain.IndexOf(AnswerSentence, StringComparison.Ordinal);
        return start < 0 ? null : chain[start..];
    }

    /// <summary>Whether the whole chain is learned.</summary>
    /// <param name="format">The format.</param>
    /// <returns>True for the two chain-of-thought formats.</returns>
    public static bool HasChain(SpecializedFormat format) => format is SpecializedFormat.ZeroShotCot or SpecializedFormat.InContextCot;

    /// <summary>Whether demonstrations stand in front.</summary>
    /// <param name="format">The format.</param>
    /// <returns>True for the two in-context formats.</returns>
    public static bool HasDemonstrations(SpecializedFormat format) => format is SpecializedFormat.InContextAnswerOnly or SpecializedFormat.InContextCot;

    internal static string Input(string question, bool withChain) => withChain ? $"Q: {question}\n{Trigger}" : $"Q: {question}\nA:";
}

using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Distillation.Methods.MccKd;

/// <summary>Where the answer itself stands in a response: without the connector before it and the end token behind it.</summary>
/// <param name="Start">Index of its first token in the response.</param>
/// <param name="End">One past its last token.</param>
internal readonly record struct AnswerSpan(int Start, int End)
{
    /// <summary>Number of tokens.</summary>
    public int Length => End - Start;

    /// <summary>The answer span of a rationale's response.</summary>
    /// <param name="rationale">The rationale.</param>
    /// <returns>The span.</returns>
    public static AnswerSpan Of(EncodedRationale rationale) =>
        new(rationale.RationaleTokens.Length + rationale.AnswerValueStart, rationale.RationaleTokens.Length + rationale.AnswerValueEnd);
}

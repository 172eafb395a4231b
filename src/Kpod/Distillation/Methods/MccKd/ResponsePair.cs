using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Distillation.Methods.MccKd;

/// <summary>Two responses to one question whose answers are to be predicted alike.</summary>
internal sealed record ResponsePair
{
    /// <summary>Question and p.</summary>
    public required int[] PromptIds { get; init; }

    /// <summary>The first response: rationale, answer segment, end token.</summary>
    public required int[] First { get; init; }

    /// <summary>The second response.</summary>
    public required int[] Second { get; init; }

    /// <summary>Where the answer stands in the first.</summary>
    public required AnswerSpan FirstSpan { get; init; }

    /// <summary>Where it stands in the second.</summary>
    public required AnswerSpan SecondSpan { get; init; }

    /// <summary>Whether both responses spell the answer with the same tokens; where not, the pair has no divergence but still its cross-entropies.</summary>
    public bool HasCommonAnswer => FirstSpan.Length > 0 && First.AsSpan(FirstSpan.Start, FirstSpan.Length).SequenceEqual(Second.AsSpan(SecondSpan.Start, SecondSpan.Length));

    /// <summary>Pairs two rationales.</summary>
    /// <param name="first">A rationale.</param>
    /// <param name="second">Another one of the same question.</param>
    /// <returns>The pair.</returns>
    public static ResponsePair Of(EncodedRationale first, EncodedRationale second) => first.QuestionId != second.QuestionId
        ? throw new ArgumentException($"{first.Key} and {second.Key} are of two questions.", nameof(second))
        : new ResponsePair
        {
            PromptIds = first.PromptIds,
            First = first.ResponseIds(),
            Second = second.ResponseIds(),
            FirstSpan = AnswerSpan.Of(first),
            SecondSpan = AnswerSpan.Of(second),
        };

    /// <summary>Draws the two rationales of a visit.</summary>
    /// <param name="count">K: how many the question has, at least 2.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="questionId">The question.</param>
    /// <param name="epoch">The epoch; another one draws anew.</param>
    /// <returns>Two different indices.</returns>
    public static (int First, int Second) Draw(int count, long seed, string questionId, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var random = Seeds.Generator(seed, $"pair of {questionId}", epoch);
        var first = random.Next(count);
        var second = random.Next(count - 1);
        return (first, second < first ? second : second + 1);
    }
}

using Kpod.Tokenizers.Tokens;

namespace Kpod.RationaleGeneration.Rationales;

/// <summary>A kept rationale as the student's tokens: prompt, rationale and answer segment, with the place of each rationale token in the text.</summary>
public sealed record EncodedRationale
{
    /// <summary>The question.</summary>
    public required string QuestionId { get; init; }

    /// <summary>The rationale's number among those of its question.</summary>
    public required int Sample { get; init; }

    /// <summary>The question's own text, for clustering.</summary>
    public required string QuestionText { get; init; }

    /// <summary>The rationale r.</summary>
    public required string Text { get; init; }

    /// <summary>Question and p; with the begin token (causal) or the end token of the encoder's input (encoder-decoder) where the model has one.</summary>
    public required int[] PromptIds { get; init; }

    /// <summary>Tokens of r; offsets into <see cref="Text"/>, the space in front of it counted into no token.</summary>
    public required Token[] RationaleTokens { get; init; }

    /// <summary>" Therefore, the answer is y" and the end token.</summary>
    public required int[] AnswerIds { get; init; }

    /// <summary>Index in <see cref="AnswerIds"/> of the first token of y itself.</summary>
    public required int AnswerValueStart { get; init; }

    /// <summary>One past the last token of y; the end token follows.</summary>
    public required int AnswerValueEnd { get; init; }

    /// <summary>Names the item in messages and keys: question id, <c>#</c>, sample number.</summary>
    public string Key => $"{QuestionId}#{Sample}";

    /// <summary>Prompt, rationale and answer in tokens.</summary>
    public int Length => PromptIds.Length + RationaleTokens.Length + AnswerIds.Length;

    /// <summary>What the student writes: rationale, then answer segment.</summary>
    /// <returns>The ids in order.</returns>
    public int[] ResponseIds() => [.. RationaleTokens.Select(token => token.Id), .. AnswerIds];
}

using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.Decoders;

/// <summary>The way back of a <c>tokenizer.json</c>: ids to pieces, special tokens out, then the decoder's steps.</summary>
/// <param name="vocabulary">Pieces of the model.</param>
/// <param name="addedTokens">The added tokens.</param>
/// <param name="steps">The decoder's steps; null where the file has no decoder: pieces are then joined by spaces.</param>
internal sealed class PipelineDecoder(Vocabulary vocabulary, AddedTokenSet addedTokens, IReadOnlyList<IPieceDecoder>? steps) : IIdDecoder
{
    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids, bool keepSpecialTokens)
    {
        var pieces = new List<string>(ids.Count);
        foreach (var id in ids)
        {
            var piece = addedTokens.SpellingOf(id, out var isLeftOut) ?? vocabulary.PieceOf(id);
            if (piece is not null && (keepSpecialTokens || !isLeftOut))
            {
                pieces.Add(piece);
            }
        }

        return steps is null
            ? string.Join(' ', pieces)
            : string.Concat(steps.Aggregate((IReadOnlyList<string>)pieces, (current, step) => step.Decode(current)));
    }
}

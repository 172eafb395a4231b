using Kpod.Tokenizers.Normalization;
using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.PreTokenizers;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers;

/// <summary>The way of a <c>tokenizer.json</c>: normalize, cut out the normalized added tokens, pre-tokenize, spell each piece.</summary>
/// <param name="normalizer">Rewrites the text; null: nothing.</param>
/// <param name="preTokenizers">Cut it, one after the other.</param>
/// <param name="model">Spells each piece.</param>
/// <param name="addedTokens">The added tokens.</param>
internal sealed class PipelineEncoder(INormalizer? normalizer, IReadOnlyList<IPreTokenizer> preTokenizers, IPieceModel model, AddedTokenSet addedTokens)
    : ISectionEncoder
{
    /// <inheritdoc/>
    public void Encode(AlignedText section, SpecialTokenPlaces special, List<Token> tokens)
    {
        var text = normalizer?.Normalize(section) ?? section;
        var scratch = new PieceScratch();
        foreach (var match in addedTokens.InNormalized.Split(text.Characters, special, (start, end) => (text.StartOf(start), text.EndOf(end - 1))))
        {
            if (match.Token is { } token)
            {
                tokens.Add(new Token(token.Id, text.StartOf(match.Start), text.EndOf(match.End - 1)));
            }
            else
            {
                EncodePlain(text, new TextRange(match.Start, match.End), scratch, tokens);
            }
        }
    }

    private void EncodePlain(AlignedText text, TextRange range, PieceScratch scratch, List<Token> tokens)
    {
        var split = new SplitText(text, [range]);
        foreach (var preTokenizer in preTokenizers)
        {
            split = preTokenizer.Split(split);
        }

        var characters = split.Text.Characters;
        foreach (var piece in split.Pieces)
        {
            foreach (var token in model.Encode(characters[piece.Start..piece.End], scratch))
            {
                tokens.Add(new Token(token.Id, split.Text.StartOf(piece.Start + token.Start), split.Text.EndOf(piece.Start + token.End - 1)));
            }
        }
    }
}

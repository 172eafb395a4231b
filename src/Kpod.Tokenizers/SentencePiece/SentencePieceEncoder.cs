using Kpod.Tokenizers.Normalization;
using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.PreTokenizers;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>
/// The way of a SentencePiece model: normalize, spell, join neighbouring unknown characters. Each stretch between control tokens is a text of its own.
/// </summary>
/// <param name="normalizer">Normalizes.</param>
/// <param name="model">Spells.</param>
/// <param name="unknownId">The unknown id.</param>
/// <param name="cutsAtMarks">Whether cutting before each ▁ changes nothing, so that the model may be asked word by word.</param>
internal sealed class SentencePieceEncoder(SentencePieceNormalizer normalizer, IPieceModel model, int unknownId, bool cutsAtMarks) : ISectionEncoder
{
    /// <inheritdoc/>
    public void Encode(AlignedText section, SpecialTokenPlaces special, List<Token> tokens)
    {
        if (section.Length == 0)
        {
            return;
        }

        var text = normalizer.Normalize(section.Characters);
        var characters = text.Characters.Span;
        var origins = text.Origins.Span;
        var origin = section.StartOf(0);
        var scratch = new PieceScratch();
        var afterUnknown = false;
        for (int start = 0, end; start < characters.Length; start = end)
        {
            end = cutsAtMarks ? MarkCutter.Scan(characters, start) : characters.Length;
            foreach (var token in model.Encode(characters[start..end], scratch))
            {
                var placed = new Token(token.Id, origin + origins[start + token.Start], origin + origins[start + token.End]);
                if (afterUnknown && token.Id == unknownId)
                {
                    tokens[^1] = tokens[^1] with { End = placed.End };
                }
                else
                {
                    tokens.Add(placed);
                }

                afterUnknown = token.Id == unknownId;
            }
        }
    }
}

using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers;

/// <summary>Takes leading and trailing spaces out of the spans of byte-level tokens (<c>trim_offsets</c>).</summary>
internal static class OffsetTrimmer
{
    private const char SpaceSymbol = 'Ġ';

    /// <summary>
    /// Trims every token's span in place. Spaces are counted in the token's spelling and taken
    /// from its span character by character, as the reference does.
    /// </summary>
    /// <param name="tokens">The tokens of a text.</param>
    /// <param name="text">The text.</param>
    /// <param name="passes">The passes one after the other, each of which says whether the first token's first space is one that the text never had.</param>
    /// <param name="pieceOf">The spelling of a token of the model; null for an added token, which is spelt as in the text.</param>
    public static void Trim(List<Token> tokens, string text, IReadOnlyList<bool> passes, Func<int, string?> pieceOf)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var spelling = pieceOf(tokens[i].Id) ?? text[tokens[i].Start..tokens[i].End];
            var leading = spelling.TakeWhile(IsSpace).Count();
            var trailing = spelling.Reverse().TakeWhile(IsSpace).Count();
            foreach (var firstSpaceWasAdded in passes)
            {
                // Where there are more leading spaces than one, the text began with a space and none was added.
                var isAdded = firstSpaceWasAdded && leading == 1 && (i == 0 || tokens[i].Start == 0);
                tokens[i] = Trim(tokens[i], text, isAdded ? 0 : leading, trailing);
            }
        }
    }

    private static Token Trim(Token token, string text, int leading, int trailing)
    {
        var start = Advance(text, token.Start, token.End, leading);
        var end = CountUpTo(text, token.End, trailing) ? Retreat(text, token.End, start, trailing) : token.End;
        return new Token(token.Id, start, end);
    }

    private static bool IsSpace(char unit) => unit == SpaceSymbol || char.IsWhiteSpace(unit);

    private static int Advance(string text, int position, int limit, int characters)
    {
        for (; characters > 0 && position < limit; characters--)
        {
            position += char.IsHighSurrogate(text[position]) ? 2 : 1;
        }

        return position;
    }

    private static int Retreat(string text, int position, int limit, int characters)
    {
        for (; characters > 0 && position > limit; characters--)
        {
            position -= char.IsLowSurrogate(text[position - 1]) ? 2 : 1;
        }

        return position;
    }

    // The reference leaves a span alone that ends so early in the text that there are fewer characters before its end than spaces to take.
    private static bool CountUpTo(string text, int end, int characters)
    {
        for (; characters > 0 && end > 0; characters--)
        {
            end = Retreat(text, end, 0, 1);
        }

        return characters == 0;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kpod.Tokenizers.Tokens;

/// <summary>Finds added tokens in a text: leftmost first, longest at one place.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly SearchValues<char> _firstUnits;
    private readonly ILookup<char, (string Content, AddedToken Token)> _byFirstUnit;
    private readonly bool _allSpecial;

    /// <summary>Makes a matcher.</summary>
    /// <param name="tokens">The tokens, each with the text to look for; empty texts are passed over.</param>
    public AddedTokenMatcher(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        var sought = tokens.Where(token => token.Content.Length > 0).OrderByDescending(token => token.Content.Length).ToList();
        _byFirstUnit = sought.ToLookup(token => token.Content[0]);
        _firstUnits = SearchValues.Create([.. _byFirstUnit.Select(group => group.Key)]);
        _allSpecial = sought.All(token => token.Token.IsSpecial);
    }

    /// <summary>Cuts a text at its added tokens.</summary>
    /// <param name="text">A text.</param>
    /// <param name="special">Where special tokens count; the others always do.</param>
    /// <param name="originOf">Finds the place of a match in the original text; null where this is the original.</param>
    /// <returns>Tokens and plain stretches in order, no plain stretch empty.</returns>
    public List<AddedTokenMatch> Split(ReadOnlySpan<char> text, SpecialTokenPlaces special, Func<int, int, (int Start, int End)>? originOf = null)
    {
        var matches = new List<AddedTokenMatch>(1);
        var plainStart = 0;
        for (int from = special.AreAny || !_allSpecial ? 0 : text.Length, next; Next(text, from) is var (token, start, end); from = next)
        {
            var (originalStart, originalEnd) = originOf is null ? (start, end) : originOf(start, end);
            var isRefused = token.IsSpecial && !special.Allow(originalStart, originalEnd);

            // What is refused in one place may overlap a token in another.
            next = isRefused && special.Differ ? start + 1 : end;
            if (end <= plainStart || isRefused || (token.IsSingleWord && TouchesWord(text, start, end)))
            {
                continue;
            }

            var left = token.StripsLeft ? Math.Max(plainStart, text[..start].TrimEnd().Length) : start;
            var right = token.StripsRight ? text.Length - text[end..].TrimStart().Length : end;
            if (plainStart < left)
            {
                matches.Add(new AddedTokenMatch(null, plainStart, left));
            }

            matches.Add(new AddedTokenMatch(token, left, right));
            plainStart = right;
        }

        if (plainStart < text.Length)
        {
            matches.Add(new AddedTokenMatch(null, plainStart, text.Length));
        }

        return matches;
    }

    private (AddedToken Token, int Start, int End)? Next(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var step = text[at..].IndexOfAny(_firstUnits);
            if (step < 0)
            {
                return null;
            }

            at += step;
            foreach (var (content, token) in _byFirstUnit[text[at]])
            {
                if (text[at..].StartsWith(content, StringComparison.Ordinal))
                {
                    return (token, at, at + content.Length);
                }
            }
        }

        return null;
    }

    private static bool TouchesWord(ReadOnlySpan<char> text, int start, int end) =>
        (Rune.DecodeLastFromUtf16(text[..start], out var before, out _) == OperationStatus.Done && IsWordCharacter(before))
        || (Rune.DecodeFromUtf16(text[end..], out var after, out _) == OperationStatus.Done && IsWordCharacter(after));

    // \w of Unicode's regular expressions: Alphabetic, marks, decimal digits, connectors and the two joiners. Alphabetic takes in circled and squared letters.
    private static bool IsWordCharacter(Rune character) => Rune.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.OtherSymbol => character.Value is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169)
            or (>= 0x1F170 and <= 0x1F189),
        UnicodeCategory.Format => character.Value is 0x200C or 0x200D,
        UnicodeCategory.OtherNumber => false,
        <= UnicodeCategory.LetterNumber => true,
        UnicodeCategory.ConnectorPunctuation => true,
        _ => false,
    };
}

using System.Globalization;
using System.Text;

namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>The kind of each character, in Unicode 16 as .NET 10 and the reference's regular expressions have it.</summary>
internal static class CharacterKinds
{
    private static readonly CharacterKind[] Basic = MakeBasic();

    /// <summary>The kind of the character at a position.</summary>
    /// <param name="text">A text.</param>
    /// <param name="index">First unit of a character.</param>
    /// <param name="length">Its number of units, 1 or 2.</param>
    /// <returns>Its kind.</returns>
    public static CharacterKind At(ReadOnlySpan<char> text, int index, out int length)
    {
        var unit = text[index];
        if (!char.IsHighSurrogate(unit) || index + 1 >= text.Length || !char.IsLowSurrogate(text[index + 1]))
        {
            length = 1;
            return Basic[unit];
        }

        length = 2;
        return KindOf(Rune.GetUnicodeCategory(new Rune(unit, text[index + 1])));
    }

    /// <summary>The end of a run of characters of one kind.</summary>
    /// <param name="text">A text.</param>
    /// <param name="start">Where the run begins.</param>
    /// <param name="kind">The kind.</param>
    /// <returns>One past the last unit of the run; <paramref name="start"/> where there is none.</returns>
    public static int EndOfRun(ReadOnlySpan<char> text, int start, CharacterKind kind)
    {
        while (start < text.Length && At(text, start, out var length) == kind)
        {
            start += length;
        }

        return start;
    }

    private static CharacterKind KindOf(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter => CharacterKind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterKind.Number,
        _ => CharacterKind.Other,
    };

    private static CharacterKind[] MakeBasic()
    {
        var kinds = new CharacterKind[char.MaxValue + 1];
        for (var unit = 0; unit < kinds.Length; unit++)
        {
            kinds[unit] = char.IsWhiteSpace((char)unit) ? CharacterKind.Space : KindOf(CharUnicodeInfo.GetUnicodeCategory((char)unit));
        }

        return kinds;
    }
}

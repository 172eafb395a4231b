using System.Globalization;
using System.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>The methods of strings that answer yes or no.</summary>
internal static class TextTests
{
    /// <summary>Finds one.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The test, or null.</returns>
    public static Func<string, object>? Find(string name) => name switch
    {
        "isdigit" => static text => All(text, static rune => Rune.IsDigit(rune) || IsDigitForm(rune)),
        "isdecimal" => static text => All(text, Rune.IsDigit),
        "isnumeric" => static text => All(text, Rune.IsNumber),
        "isalpha" => static text => All(text, Rune.IsLetter),
        "isalnum" => static text => All(text, static rune => Rune.IsLetter(rune) || Rune.IsNumber(rune)),
        "isspace" => static text => PythonText.IsSpace(text.AsSpan()),
        "isascii" => static text => Ascii.IsValid(text),
        "isprintable" => static text => text.Length == 0 || All(text, PythonText.IsPrintable),
        "isidentifier" => static text => IsIdentifier(text),
        "isupper" => static text => IsUpper(text),
        "islower" => static text => IsLower(text),
        "istitle" => static text => IsTitle(text),
        _ => null,
    };

    /// <summary>Whether all cased letters are small, and there is one.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True where they are.</returns>
    public static bool IsLower(string text) => text.EnumerateRunes().Any(TextCases.IsLower) && !text.EnumerateRunes().Any(rune => TextCases.IsUpper(rune) || IsTitleLetter(rune));

    /// <summary>Whether all cased letters are capital, and there is one.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True where they are.</returns>
    public static bool IsUpper(string text) => text.EnumerateRunes().Any(TextCases.IsUpper) && !text.EnumerateRunes().Any(rune => TextCases.IsLower(rune) || IsTitleLetter(rune));

    private static bool All(string text, Func<Rune, bool> holds) => text.Length > 0 && text.EnumerateRunes().All(holds);

    // Superscripts and circled digits.
    private static bool IsDigitForm(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNumber && CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0;

    private static bool IsTitleLetter(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter;

    private static bool IsIdentifier(string text) => text.Length > 0 && (Rune.GetRuneAt(text, 0) is var first && (first.Value == '_' || Rune.IsLetter(first)))
        && text.EnumerateRunes().All(static rune => rune.Value == '_' || Rune.IsLetterOrDigit(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation);

    private static bool IsTitle(string text)
    {
        var (hasCased, afterCased) = (false, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var isCapital = TextCases.IsUpper(rune) || IsTitleLetter(rune);
            var isCased = isCapital || TextCases.IsLower(rune);
            if (isCased && isCapital == afterCased)
            {
                return false;
            }

            (hasCased, afterCased) = (hasCased || isCased, isCased);
        }

        return hasCased;
    }
}

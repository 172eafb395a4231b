using System.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Text;

/// <summary>Capital and small letters as Python has them: by Unicode's full mappings, under which one letter may become several.</summary>
internal static class TextCases
{
    // Unicode's SpecialCasing.txt: letters whose capital form has more than one character.
    private const string LongCapitals =
        "\u00df=\u0053\u0053 \u0149=\u02bc\u004e \u01f0=\u004a\u030c \u0390=\u0399\u0308\u0301 \u03b0=\u03a5\u0308\u0301 "
        + "\u0587=\u0535\u0552 \u1e96=\u0048\u0331 \u1e97=\u0054\u0308 \u1e98=\u0057\u030a \u1e99=\u0059\u030a \u1e9a=\u0041\u02be "
        + "\u1f50=\u03a5\u0313 \u1f52=\u03a5\u0313\u0300 \u1f54=\u03a5\u0313\u0301 \u1f56=\u03a5\u0313\u0342 \u1f80=\u1f08\u0399 "
        + "\u1f81=\u1f09\u0399 \u1f82=\u1f0a\u0399 \u1f83=\u1f0b\u0399 \u1f84=\u1f0c\u0399 \u1f85=\u1f0d\u0399 \u1f86=\u1f0e\u0399 "
        + "\u1f87=\u1f0f\u0399 \u1f88=\u1f08\u0399 \u1f89=\u1f09\u0399 \u1f8a=\u1f0a\u0399 \u1f8b=\u1f0b\u0399 \u1f8c=\u1f0c\u0399 "
        + "\u1f8d=\u1f0d\u0399 \u1f8e=\u1f0e\u0399 \u1f8f=\u1f0f\u0399 \u1f90=\u1f28\u0399 \u1f91=\u1f29\u0399 \u1f92=\u1f2a\u0399 "
        + "\u1f93=\u1f2b\u0399 \u1f94=\u1f2c\u0399 \u1f95=\u1f2d\u0399 \u1f96=\u1f2e\u0399 \u1f97=\u1f2f\u0399 \u1f98=\u1f28\u0399 "
        + "\u1f99=\u1f29\u0399 \u1f9a=\u1f2a\u0399 \u1f9b=\u1f2b\u0399 \u1f9c=\u1f2c\u0399 \u1f9d=\u1f2d\u0399 \u1f9e=\u1f2e\u0399 "
        + "\u1f9f=\u1f2f\u0399 \u1fa0=\u1f68\u0399 \u1fa1=\u1f69\u0399 \u1fa2=\u1f6a\u0399 \u1fa3=\u1f6b\u0399 \u1fa4=\u1f6c\u0399 "
        + "\u1fa5=\u1f6d\u0399 \u1fa6=\u1f6e\u0399 \u1fa7=\u1f6f\u0399 \u1fa8=\u1f68\u0399 \u1fa9=\u1f69\u0399 \u1faa=\u1f6a\u0399 "
        + "\u1fab=\u1f6b\u0399 \u1fac=\u1f6c\u0399 \u1fad=\u1f6d\u0399 \u1fae=\u1f6e\u0399 \u1faf=\u1f6f\u0399 \u1fb2=\u1fba\u0399 "
        + "\u1fb3=\u0391\u0399 \u1fb4=\u0386\u0399 \u1fb6=\u0391\u0342 \u1fb7=\u0391\u0342\u0399 \u1fbc=\u0391\u0399 \u1fc2=\u1fca\u0399 "
        + "\u1fc3=\u0397\u0399 \u1fc4=\u0389\u0399 \u1fc6=\u0397\u0342 \u1fc7=\u0397\u0342\u0399 \u1fcc=\u0397\u0399 "
        + "\u1fd2=\u0399\u0308\u0300 \u1fd3=\u0399\u0308\u0301 \u1fd6=\u0399\u0342 \u1fd7=\u0399\u0308\u0342 \u1fe2=\u03a5\u0308\u0300 "
        + "\u1fe3=\u03a5\u0308\u0301 \u1fe4=\u03a1\u0313 \u1fe6=\u03a5\u0342 \u1fe7=\u03a5\u0308\u0342 \u1ff2=\u1ffa\u0399 "
        + "\u1ff3=\u03a9\u0399 \u1ff4=\u038f\u0399 \u1ff6=\u03a9\u0342 \u1ff7=\u03a9\u0342\u0399 \u1ffc=\u03a9\u0399 \ufb00=\u0046\u0046 "
        + "\ufb01=\u0046\u0049 \ufb02=\u0046\u004c \ufb03=\u0046\u0046\u0049 \ufb04=\u0046\u0046\u004c \ufb05=\u0053\u0054 "
        + "\ufb06=\u0053\u0054 \ufb13=\u0544\u0546 \ufb14=\u0544\u0535 \ufb15=\u0544\u053b \ufb16=\u054e\u0546 \ufb17=\u0544\u053d";

    private static readonly Dictionary<int, string> Capitals = LongCapitals.Split(' ')
        .ToDictionary(static entry => (int)entry[0], static entry => entry[2..]);

    /// <summary>All letters capital.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The result.</returns>
    public static TemplateText Upper(TemplateText text) => Map(text, static (_, _, rune) => Upper(rune));

    /// <summary>All letters small.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The result.</returns>
    public static TemplateText Lower(TemplateText text) => Map(text, Lower);

    /// <summary>Capital letters small and small ones capital.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The result.</returns>
    public static TemplateText Swap(TemplateText text) =>
        Map(text, static (value, unit, rune) => IsUpper(rune) ? Lower(value, unit, rune) : IsLower(rune) ? Upper(rune) : rune.ToString());

    /// <summary>The first letter capital, the others small: <c>str.capitalize</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The result.</returns>
    public static TemplateText Capitalize(TemplateText text) => Map(text, static (value, unit, rune) => unit == 0 ? Title(rune) : Lower(value, unit, rune));

    /// <summary>The first letter of each word capital, the others small: <c>str.title</c>. A word ends at what is no letter.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The result.</returns>
    public static TemplateText Title(TemplateText text)
    {
        var afterLetter = false;
        return Map(text, (value, unit, rune) =>
        {
            var mapped = afterLetter ? Lower(value, unit, rune) : Title(rune);
            afterLetter = IsCased(rune);
            return mapped;
        });
    }

    /// <summary>Without any difference of case: <c>str.casefold</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The result.</returns>
    public static TemplateText Fold(TemplateText text) => Map(Upper(text), static (value, unit, rune) => Lower(value, unit, rune) is "\u03C2" ? "\u03C3" : Lower(value, unit, rune));

    /// <summary>Whether a character counts as capital.</summary>
    /// <param name="rune">The character.</param>
    /// <returns>True for capital letters, Roman numerals and circled ones.</returns>
    public static bool IsUpper(Rune rune) => Rune.IsUpper(rune) || rune.Value is (>= 0x2160 and <= 0x216F) or (>= 0x24B6 and <= 0x24CF);

    /// <summary>Whether a character counts as small.</summary>
    /// <param name="rune">The character.</param>
    /// <returns>True for small letters, Roman numerals and circled ones.</returns>
    public static bool IsLower(Rune rune) => Rune.IsLower(rune) || rune.Value is 0xAA or 0xBA or (>= 0x2170 and <= 0x217F) or (>= 0x24D0 and <= 0x24E9);

    private static string Upper(Rune rune) => Capitals.TryGetValue(rune.Value, out var several) ? several : Rune.ToUpperInvariant(rune).ToString();

    private static string Title(Rune rune) => rune.Value switch
    {
        // Two letters in one, of which only the first is capital.
        >= 0x1C4 and <= 0x1CC => ((char)(0x1C5 + ((rune.Value - 0x1C4) / 3 * 3))).ToString(),
        >= 0x1F1 and <= 0x1F3 => "\u01F2",
        0x149 => Capitals[0x149],

        // Georgian has no capitals at the start of a word.
        (>= 0x10D0 and <= 0x10FA) or (>= 0x10FD and <= 0x10FF) => rune.ToString(),
        >= 0x1F80 and <= 0x1FAF => ((char)(rune.Value | 8)).ToString(),
        0x1FB3 or 0x1FC3 or 0x1FF3 => ((char)(rune.Value + 9)).ToString(),
        0x1FBC or 0x1FCC or 0x1FFC => rune.ToString(),
        _ when Capitals.TryGetValue(rune.Value, out var several) => several[..1] + several[1..].ToLowerInvariant(),
        _ => Rune.ToUpperInvariant(rune).ToString(),
    };

    private static string Lower(string text, int unit, Rune rune) => rune.Value switch
    {
        0x130 => "i\u0307",
        0x3A3 => IsFinal(text, unit) ? "\u03C2" : "\u03C3",
        _ => Rune.ToLowerInvariant(rune).ToString(),
    };

    // A sigma behind a letter with no letter behind it; what is neither letter nor end of a word is passed over.
    private static bool IsFinal(string text, int unit)
    {
        var before = unit - 1;
        while (before >= 0 && IsPassedOver(text[before]))
        {
            before--;
        }

        var after = unit + 1;
        while (after < text.Length && IsPassedOver(text[after]))
        {
            after++;
        }

        RenderBudget.Spend(after - before);
        return before >= 0 && char.IsLetter(text[before]) && !(after < text.Length && char.IsLetter(text[after]));
    }

    private static bool IsPassedOver(char unit) => unit is '\'' or '.' or ':' or '\u00AD' or '\u2019'
        || char.GetUnicodeCategory(unit) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.ModifierSymbol or System.Globalization.UnicodeCategory.ModifierLetter;

    private static bool IsCased(Rune rune) => IsUpper(rune) || IsLower(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.TitlecaseLetter;

    private static TemplateText Map(TemplateText text, Func<string, int, Rune, string> map)
    {
        var mapped = new TemplateTextBuilder();
        var unit = 0;
        foreach (var run in text.Runs)
        {
            for (var end = unit + run.Length; unit < end;)
            {
                Rune.DecodeFromUtf16(text.Value.AsSpan(unit), out var rune, out var width);
                mapped.Append(map(text.Value, unit, rune), run.IsForeign);
                unit += width;
            }
        }

        return mapped.ToText().AsMarkup(text.IsMarkup);
    }
}

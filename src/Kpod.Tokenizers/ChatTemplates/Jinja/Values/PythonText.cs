using System.Globalization;
using System.Numerics;
using System.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>How Python prints values, and what counts as white space.</summary>
internal static class PythonText
{
    /// <summary>A value as it is printed: <c>str(value)</c>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The text.</returns>
    public static TemplateText Str(object? value) => value switch
    {
        TemplateText text => text,
        Undefined => TemplateText.Empty,
        _ => Repr(value),
    };

    /// <summary>A value as it stands in a printed list: <c>repr(value)</c>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The text.</returns>
    public static TemplateText Repr(object? value)
    {
        var text = new TemplateTextBuilder();
        AppendRepr(text, value);
        return text.ToText();
    }

    /// <summary>A string in quotes.</summary>
    /// <param name="value">The string.</param>
    /// <returns>The quoted string.</returns>
    public static string Repr(string value) => Repr((object)TemplateText.Own(value)).Value;

    /// <summary>Whether Python counts a character as white space.</summary>
    /// <param name="unit">The character; all white space lies in the basic plane.</param>
    /// <returns>True for white space.</returns>
    public static bool IsSpace(char unit) => char.IsWhiteSpace(unit) || unit is >= '\x1c' and <= '\x1f';

    /// <summary>Whether a text is white space and nothing else.</summary>
    /// <param name="text">The text.</param>
    /// <returns>False for an empty one too.</returns>
    public static bool IsSpace(ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            if (!IsSpace(unit))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    /// <summary>Takes white space off the end.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The rest.</returns>
    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    /// <summary>Takes white space off both ends.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The rest.</returns>
    public static string Trim(string text)
    {
        var rest = TrimEnd(text);
        var start = 0;
        while (start < rest.Length && IsSpace(rest[start]))
        {
            start++;
        }

        return rest[start..];
    }

    /// <summary>Whether a character is printed as it is in a quoted string.</summary>
    /// <param name="character">The character.</param>
    /// <returns>False for controls, separators and what is not assigned.</returns>
    public static bool IsPrintable(Rune character) => character.Value == ' ' || Rune.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private static void AppendRepr(TemplateTextBuilder text, object? value)
    {
        RenderBudget.Step();
        switch (value)
        {
            case TemplateText inner:
                AppendQuoted(text, inner);
                break;
            case PythonList list:
                AppendItems(text, "[", list.Items, "]");
                break;
            case PythonTuple tuple:
                AppendItems(text, "(", tuple.Items, tuple.Items.Count == 1 ? ",)" : ")");
                break;
            case PythonDictionary dictionary:
                AppendEntries(text, dictionary);
                break;
            case DictionaryView view:
                AppendItems(text.Append($"dict_{view.Part}("), "[", view.Items, "])");
                break;
            case PythonNamespace space:
                AppendEntries(text.Append("<Namespace "), space.Attributes);
                text.Append(">");
                break;
            default:
                text.Append(Plain(value));
                break;
        }
    }

    private static string Plain(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        BigInteger or double => PythonNumbers.Print(value),
        PythonRange range => range.Step.IsOne ? $"range({range.Start}, {range.Stop})" : $"range({range.Start}, {range.Stop}, {range.Step})",
        Undefined => "Undefined",
        PythonFunction function => $"<function {function.Name}>",
        INamedValue named => named.Printed,
        _ => $"<{TypeNames.Of(value)} object>",
    };

    private static void AppendItems(TemplateTextBuilder text, string open, IEnumerable<object?> items, string close)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            text.Append(isFirst ? string.Empty : ", ");
            AppendRepr(text, item);
            isFirst = false;
        }

        text.Append(close);
    }

    private static void AppendEntries(TemplateTextBuilder text, PythonDictionary dictionary)
    {
        text.Append("{");
        var isFirst = true;
        foreach (var (key, value) in dictionary.Entries)
        {
            text.Append(isFirst ? string.Empty : ", ");
            AppendRepr(text, key);
            text.Append(": ");
            AppendRepr(text, value);
            isFirst = false;
        }

        text.Append("}");
    }

    private static void AppendQuoted(TemplateTextBuilder text, TemplateText inner)
    {
        var quote = inner.Value.Contains('\'', StringComparison.Ordinal) && !inner.Value.Contains('"', StringComparison.Ordinal) ? "\"" : "'";
        text.Append(inner.IsMarkup ? "Markup(" : string.Empty).Append(quote);
        var at = 0;
        foreach (var run in inner.Runs)
        {
            text.Append(Escape(inner.Value.AsSpan(at, run.Length), quote[0]), run.IsForeign);
            at += run.Length;
        }

        text.Append(quote).Append(inner.IsMarkup ? ")" : string.Empty);
    }

    private static string Escape(ReadOnlySpan<char> text, char quote)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var character in text.EnumerateRunes())
        {
            _ = character.Value switch
            {
                '\\' => escaped.Append(@"\\"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\t' => escaped.Append(@"\t"),
                _ when character.Value == quote => escaped.Append('\\').Append(quote),
                _ when IsPrintable(character) => escaped.Append(character.ToString()),
                <= 0xFF => escaped.Append(CultureInfo.InvariantCulture, $"\\x{character.Value:x2}"),
                <= 0xFFFF => escaped.Append(CultureInfo.InvariantCulture, $"\\u{character.Value:x4}"),
                _ => escaped.Append(CultureInfo.InvariantCulture, $"\\U{character.Value:x8}"),
            };
        }

        return escaped.ToString();
    }
}

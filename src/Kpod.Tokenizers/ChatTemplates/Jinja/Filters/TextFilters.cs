using System.Numerics;
using System.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Operations;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Filters;

/// <summary>Filters of texts; what is no text is printed first.</summary>
internal static class TextFilters
{
    private const int TruncationLeeway = 5;

    /// <summary>The text of a filter that takes no argument.</summary>
    public static TemplateText Alone(object? value, CallArguments call)
    {
        call.Bind();
        return PythonText.Str(value);
    }

    /// <summary><c>trim</c>.</summary>
    public static object? Trim(object? value, CallArguments call) => TextParts.Strip(
        PythonText.Str(value), call.Bind(("chars", null))[0] is { } characters ? TextMethods.Expect(characters, "strip").Value : null, fromLeft: true, fromRight: true);

    /// <summary><c>replace</c>.</summary>
    public static object? Replace(object? value, CallArguments call)
    {
        var arguments = call.Bind(("old", CallArguments.Required), ("new", CallArguments.Required), ("count", null));
        var most = arguments[2] is null ? -1 : PythonNumbers.ToInt32(arguments[2]);
        return TextParts.Replace(PythonText.Str(value), PythonText.Str(arguments[0]).Value, PythonText.Str(arguments[1]), most);
    }

    /// <summary><c>escape</c>.</summary>
    public static object? Escape(object? value, CallArguments call) => Alone(value, call) is { IsMarkup: false } text ? Html.Escape(text) : value;

    /// <summary><c>center</c>.</summary>
    public static object? Center(object? value, CallArguments call) =>
        TextParts.Pad(PythonText.Str(value), PythonNumbers.ToInt32(call.Bind(("width", new BigInteger(80)))[0]), TemplateText.Own(" "), 0.5);

    /// <summary><c>format</c>.</summary>
    public static object? Format(object? value, CallArguments call)
    {
        if (call.Named.Count == 0)
        {
            return PercentFormat.Apply(PythonText.Str(value), new PythonTuple(call.Positional));
        }

        if (call.Positional.Count > 0)
        {
            throw new TemplateFault("FilterArgumentError", "can't handle positional and keyword arguments at the same time");
        }

        var named = new PythonDictionary();
        foreach (var (name, argument) in call.Named)
        {
            named.Set(TemplateText.Own(name), argument);
        }

        return PercentFormat.Apply(PythonText.Str(value), named);
    }

    /// <summary><c>title</c>: a word ends at white space, a hyphen and opening brackets only, unlike in <c>str.title</c>.</summary>
    public static object? Title(object? value, CallArguments call)
    {
        var (result, text, start) = (new TemplateTextBuilder(), Alone(value, call), 0);
        while (start < text.Value.Length)
        {
            var isBreak = IsWordBreak(text.Value[start]);
            var end = start;
            while (end < text.Value.Length && IsWordBreak(text.Value[end]) == isBreak)
            {
                end++;
            }

            var word = text.CutUnits(start, end);
            result.Append(TextCases.Upper(word.Cut(0, 1))).Append(TextCases.Lower(word.Cut(1, word.Count)));
            start = end;
        }

        return result.ToText();
    }

    /// <summary><c>indent</c>.</summary>
    public static object? Indent(object? value, CallArguments call)
    {
        var arguments = call.Bind(("width", new BigInteger(4)), ("first", false), ("blank", false));
        var indent = arguments[0] as TemplateText ?? new TemplateTextBuilder().Append(TemplateText.Own(" "), PythonNumbers.ToInt32(arguments[0])).ToText();
        var text = (TemplateText)PythonOperators.Apply("+", value, TemplateText.Own("\n"))!;
        var indentsBlank = PythonValues.IsTrue(arguments[2]);
        var result = new TemplateTextBuilder().Append(PythonValues.IsTrue(arguments[1]) ? indent : TemplateText.Empty);
        var isFirst = true;
        foreach (var line in TextParts.SplitLines(text, keepsEnds: false))
        {
            result.Append(isFirst ? string.Empty : "\n").Append(!isFirst && (indentsBlank || line.Value.Length > 0) ? indent : TemplateText.Empty).Append(line);
            isFirst = false;
        }

        return result.ToText();
    }

    /// <summary><c>truncate</c>.</summary>
    public static object? Truncate(object? value, CallArguments call)
    {
        var arguments = call.Bind(("length", new BigInteger(255)), ("killwords", false), ("end", TemplateText.Own("...")), ("leeway", null));
        var (length, end) = (PythonNumbers.ToInt32(arguments[0]), TextMethods.Expect(arguments[2], "truncate"));
        var leeway = arguments[3] is null ? TruncationLeeway : PythonNumbers.ToInt32(arguments[3]);
        if (length < end.Count || leeway < 0)
        {
            throw new TemplateFault("AssertionError", length < end.Count ? $"expected length >= {end.Count}, got {length}" : $"expected leeway >= 0, got {leeway}");
        }

        if (PythonValues.Length(value) <= (long)length + leeway)
        {
            return value;
        }

        var text = TextMethods.Expect(value, "truncate");
        var kept = text.Cut(0, length - end.Count);
        var space = PythonValues.IsTrue(arguments[1]) ? -1 : kept.Value.LastIndexOf(' ');
        return TemplateTextBuilder.Join(space < 0 ? kept : kept.CutUnits(0, space), end);
    }

    /// <summary><c>wordcount</c>.</summary>
    public static object? WordCount(object? value, CallArguments call)
    {
        var (count, inWord) = (0, false);
        foreach (var rune in Alone(value, call).Value.EnumerateRunes())
        {
            var isWord = rune.Value == '_' || Rune.IsLetter(rune) || Rune.IsNumber(rune);
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }

        return new BigInteger(count);
    }

    /// <summary><c>urlencode</c>.</summary>
    public static object? UrlEncode(object? value, CallArguments call)
    {
        call.Bind();
        if (value is TemplateText || PythonValues.TryIterate(value) is null)
        {
            return Quote(value, isQuery: false);
        }

        var pairs = value is PythonDictionary dictionary ? new DictionaryView(dictionary, "items").Items : PythonValues.Iterate(value);
        return TextParts.Join(TemplateText.Own("&"), pairs.Select(static pair => PythonValues.ToList(pair) is [var key, var content]
            ? TemplateTextBuilder.Join(Quote(key, isQuery: true), TemplateText.Own("="), Quote(content, isQuery: true))
            : throw TemplateFault.Value("too many values to unpack (expected 2)")));
    }

    private static TemplateText Quote(object? value, bool isQuery)
    {
        var (quoted, text, unit) = (new TemplateTextBuilder(), PythonText.Str(value), 0);
        foreach (var run in text.Runs)
        {
            var part = Uri.EscapeDataString(text.Value.AsSpan(unit, run.Length));
            quoted.Append(isQuery ? part.Replace("%20", "+", StringComparison.Ordinal) : part.Replace("%2F", "/", StringComparison.Ordinal), run.IsForeign);
            unit += run.Length;
        }

        return quoted.ToText();
    }

    private static bool IsWordBreak(char unit) => PythonText.IsSpace(unit) || unit is '-' or '(' or '{' or '[' or '<';
}

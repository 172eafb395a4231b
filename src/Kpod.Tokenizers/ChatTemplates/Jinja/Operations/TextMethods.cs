using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>The methods of strings.</summary>
internal static class TextMethods
{
    private static readonly object Required = CallArguments.Required;

    private static readonly Dictionary<string, Func<TemplateText, CallArguments, object?>> Table = new(StringComparer.Ordinal)
    {
        ["strip"] = static (text, call) => TextParts.Strip(text, Characters(call), fromLeft: true, fromRight: true),
        ["lstrip"] = static (text, call) => TextParts.Strip(text, Characters(call), fromLeft: true, fromRight: false),
        ["rstrip"] = static (text, call) => TextParts.Strip(text, Characters(call), fromLeft: false, fromRight: true),
        ["split"] = static (text, call) => Split(text, call, fromRight: false),
        ["rsplit"] = static (text, call) => Split(text, call, fromRight: true),
        ["splitlines"] = static (text, call) => new PythonList([.. TextParts.SplitLines(text, PythonValues.IsTrue(call.Bind(("keepends", false))[0]))]),
        ["partition"] = static (text, call) => Partition(text, call, fromRight: false),
        ["rpartition"] = static (text, call) => Partition(text, call, fromRight: true),
        ["startswith"] = static (text, call) => HasAt(text, call, atStart: true),
        ["endswith"] = static (text, call) => HasAt(text, call, atStart: false),
        ["removeprefix"] = static (text, call) => Part(call, "prefix") is var part && text.Value.StartsWith(part.Value, StringComparison.Ordinal) ? text.CutUnits(part.Value.Length, text.Value.Length) : text,
        ["removesuffix"] = static (text, call) => Part(call, "suffix") is var part && text.Value.EndsWith(part.Value, StringComparison.Ordinal) ? text.CutUnits(0, text.Value.Length - part.Value.Length) : text,
        ["replace"] = static (text, call) => Replace(text, call),
        ["find"] = static (text, call) => new BigInteger(Find(text, call, isLast: false)),
        ["rfind"] = static (text, call) => new BigInteger(Find(text, call, isLast: true)),
        ["index"] = static (text, call) => Find(text, call, isLast: false) is >= 0 and var place ? new BigInteger(place) : throw TemplateFault.Value("substring not found"),
        ["rindex"] = static (text, call) => Find(text, call, isLast: true) is >= 0 and var place ? new BigInteger(place) : throw TemplateFault.Value("substring not found"),
        ["count"] = static (text, call) => new BigInteger(Count(text, call)),
        ["join"] = static (text, call) => Join(text, call),
        ["upper"] = static (text, _) => TextCases.Upper(text),
        ["lower"] = static (text, _) => TextCases.Lower(text),
        ["casefold"] = static (text, _) => TextCases.Fold(text),
        ["swapcase"] = static (text, _) => TextCases.Swap(text),
        ["capitalize"] = static (text, _) => TextCases.Capitalize(text),
        ["title"] = static (text, _) => TextCases.Title(text),
        ["center"] = static (text, call) => TextParts.Pad(text, Width(call), Fill(call), 0.5),
        ["ljust"] = static (text, call) => TextParts.Pad(text, Width(call), Fill(call), 0),
        ["rjust"] = static (text, call) => TextParts.Pad(text, Width(call), Fill(call), 1),
        ["zfill"] = static (text, call) => TextParts.FillWithZeros(text, PythonNumbers.ToInt32(call.Bind(("width", Required))[0])),
        ["format"] = static (text, call) => BraceFormat.Apply(text, call),
    };

    private static readonly string[] NotImplemented = ["encode", "expandtabs", "format_map", "maketrans", "translate"];

    /// <summary>Finds a method.</summary>
    /// <param name="text">Whose.</param>
    /// <param name="name">Which.</param>
    /// <param name="value">The method, bound to its text.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(TemplateText text, string name, out object? value)
    {
        value = Table.TryGetValue(name, out var method) ? new PythonFunction(name, call => method(text, call))
            : TextTests.Find(name) is { } test ? new PythonFunction(name, _ => test(text.Value))
            : NotImplemented.Contains(name) ? new PythonFunction(name, _ => throw TemplateFault.NotImplemented($"the method str.{name}"))
            : null;
        return value is not null;
    }

    /// <summary>An argument that must be a string.</summary>
    /// <param name="value">The argument.</param>
    /// <param name="function">The function, for errors.</param>
    /// <returns>The string.</returns>
    public static TemplateText Expect(object? value, string function) => value as TemplateText
        ?? throw (value is Undefined undefined ? undefined.Fault() : TemplateFault.Type($"{function}() argument must be str, not {TypeNames.Of(value)}"));

    private static string? Characters(CallArguments call) => call.Bind(("chars", null))[0] is { } characters ? Expect(characters, call.Function).Value : null;

    private static TemplateText Part(CallArguments call, string name) => Expect(call.Bind((name, Required))[0], call.Function);

    private static int Width(CallArguments call) => PythonNumbers.ToInt32(call.Bind(("width", Required), ("fillchar", null))[0]);

    private static TemplateText Fill(CallArguments call) => call.Bind(("width", Required), ("fillchar", null))[1] is { } fill ? Expect(fill, call.Function) is { Count: 1 } one ? one
        : throw TemplateFault.Type("The fill character must be exactly one character long") : TemplateText.Own(" ");

    private static PythonList Split(TemplateText text, CallArguments call, bool fromRight)
    {
        var arguments = call.Bind(("sep", null), ("maxsplit", BigInteger.MinusOne));
        var most = PythonNumbers.ToInt32(arguments[1]);
        most = most < 0 ? int.MaxValue : most;
        if (arguments[0] is null)
        {
            return new PythonList([.. TextParts.SplitWords(text, most, fromRight)]);
        }

        var separator = Expect(arguments[0], call.Function).Value;
        return separator.Length == 0 ? throw TemplateFault.Value("empty separator") : new PythonList([.. TextParts.Split(text, separator, most, fromRight)]);
    }

    private static PythonTuple Partition(TemplateText text, CallArguments call, bool fromRight)
    {
        var separator = Part(call, "sep").Value;
        if (separator.Length == 0)
        {
            throw TemplateFault.Value("empty separator");
        }

        var place = fromRight ? TextSearch.Last(text.Value, separator, text.Value.Length) : TextSearch.First(text.Value, separator, 0);
        var end = place + separator.Length;
        return place >= 0 ? new PythonTuple([text.CutUnits(0, place), text.CutUnits(place, end), text.CutUnits(end, text.Value.Length)])
            : fromRight ? new PythonTuple([TemplateText.Empty, TemplateText.Empty, text])
            : new PythonTuple([text, TemplateText.Empty, TemplateText.Empty]);
    }

    private static object HasAt(TemplateText text, CallArguments call, bool atStart)
    {
        var arguments = call.Bind(("prefix", Required), ("start", null), ("end", null));
        var (start, end) = Range(text, arguments[1], arguments[2]);
        var parts = arguments[0] is PythonTuple several ? several.Items : [arguments[0]];
        return start <= end && parts.Any(part =>
        {
            var sought = Expect(part, call.Function).Value;
            var stretch = text.Value.AsSpan(text.UnitOf(start), text.UnitOf(end) - text.UnitOf(start));
            return atStart ? stretch.StartsWith(sought, StringComparison.Ordinal) : stretch.EndsWith(sought, StringComparison.Ordinal);
        });
    }

    private static TemplateText Replace(TemplateText text, CallArguments call)
    {
        var arguments = call.Bind(("old", Required), ("new", Required), ("count", BigInteger.MinusOne));
        return TextParts.Replace(text, Expect(arguments[0], call.Function).Value, Expect(arguments[1], call.Function), PythonNumbers.ToInt32(arguments[2]));
    }

    private static TemplateText Join(TemplateText separator, CallArguments call)
    {
        var items = PythonValues.Iterate(call.Bind(("iterable", Required))[0])
            .Select((item, index) => item as TemplateText ?? throw TemplateFault.Type($"sequence item {index}: expected str instance, {TypeNames.Of(item)} found"));
        return TextParts.Join(separator, items);
    }

    private static int Find(TemplateText text, CallArguments call, bool isLast)
    {
        var arguments = call.Bind(("sub", Required), ("start", null), ("end", null));
        var sought = Expect(arguments[0], call.Function).Value;
        var (start, end) = Range(text, arguments[1], arguments[2]);
        if (start > end)
        {
            return -1;
        }

        var (from, to) = (text.UnitOf(start), text.UnitOf(end));
        var place = isLast ? TextSearch.Last(text.Value, sought, to) : TextSearch.First(text.Value, sought, from);
        return place < from || place + sought.Length > to ? -1 : text.CodePointOf(place);
    }

    private static int Count(TemplateText text, CallArguments call)
    {
        var arguments = call.Bind(("sub", Required), ("start", null), ("end", null));
        var sought = Expect(arguments[0], call.Function).Value;
        var (start, end) = Range(text, arguments[1], arguments[2]);
        if (start > end || sought.Length == 0)
        {
            return start > end ? 0 : end - start + 1;
        }

        var (count, to) = (0, text.UnitOf(end));
        for (var place = text.UnitOf(start); (place = TextSearch.First(text.Value, sought, place)) >= 0 && place + sought.Length <= to; place += sought.Length)
        {
            count++;
        }

        return count;
    }

    // Bounds as a slice has them; a start past the end is kept, because nothing is found there, not even the empty text.
    private static (int Start, int End) Range(TemplateText text, object? start, object? end)
    {
        return (start is null ? 0 : Place(start), end is null ? text.Count : Math.Min(text.Count, Place(end)));

        int Place(object bound) => PythonNumbers.ToInt32(bound) is < 0 and var negative ? Math.Max(0, negative + text.Count) : PythonNumbers.ToInt32(bound);
    }
}

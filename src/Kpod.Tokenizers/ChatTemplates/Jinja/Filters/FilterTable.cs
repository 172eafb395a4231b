using Kpod.Tokenizers.ChatTemplates.Jinja.Operations;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Filters;

/// <summary>The filters of Jinja 3.1 by name, <c>tojson</c> as transformers has it.</summary>
internal static class FilterTable
{
    private static readonly string[] NotImplemented = ["filesizeformat", "pprint", "random", "striptags", "urlize", "wordwrap", "xmlattr"];

    private static readonly Dictionary<string, Func<object?, CallArguments, object?>> Table = new(StringComparer.Ordinal)
    {
        ["abs"] = NumberFilters.Abs,
        ["attr"] = static (value, call) => PythonMembers.OwnAttribute(value, TextMethods.Expect(call.Bind(("name", CallArguments.Required))[0], "attr").Value),
        ["batch"] = SequenceFilters.Batch,
        ["capitalize"] = static (value, call) => TextCases.Capitalize(TextFilters.Alone(value, call)),
        ["center"] = TextFilters.Center,
        ["count"] = SequenceFilters.Length,
        ["d"] = ValueFilters.Default,
        ["default"] = ValueFilters.Default,
        ["dictsort"] = SortingFilters.DictionarySort,
        ["e"] = TextFilters.Escape,
        ["escape"] = TextFilters.Escape,
        ["first"] = SequenceFilters.First,
        ["float"] = NumberFilters.Float,
        ["forceescape"] = static (value, call) => Html.Escape(TextFilters.Alone(value, call)),
        ["format"] = TextFilters.Format,
        ["groupby"] = SortingFilters.GroupBy,
        ["indent"] = TextFilters.Indent,
        ["int"] = NumberFilters.Int,
        ["items"] = SequenceFilters.Items,
        ["join"] = SequenceFilters.Join,
        ["last"] = SequenceFilters.Last,
        ["length"] = SequenceFilters.Length,
        ["list"] = static (value, _) => new PythonList([.. PythonValues.Iterate(value)]),
        ["lower"] = static (value, call) => TextCases.Lower(TextFilters.Alone(value, call)),
        ["map"] = SelectionFilters.Map,
        ["max"] = SortingFilters.Max,
        ["min"] = SortingFilters.Min,
        ["reject"] = static (value, call) => SelectionFilters.Select(value, call, isRejection: true, byAttribute: false),
        ["rejectattr"] = static (value, call) => SelectionFilters.Select(value, call, isRejection: true, byAttribute: true),
        ["replace"] = TextFilters.Replace,
        ["reverse"] = SequenceFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = static (value, _) => PythonText.Str(value).AsMarkup(true),
        ["select"] = static (value, call) => SelectionFilters.Select(value, call, isRejection: false, byAttribute: false),
        ["selectattr"] = static (value, call) => SelectionFilters.Select(value, call, isRejection: false, byAttribute: true),
        ["slice"] = SequenceFilters.Slice,
        ["sort"] = SortingFilters.Sort,
        ["string"] = TextFilters.Alone,
        ["sum"] = SequenceFilters.Sum,
        ["title"] = TextFilters.Title,
        ["tojson"] = ValueFilters.ToJson,
        ["trim"] = TextFilters.Trim,
        ["truncate"] = TextFilters.Truncate,
        ["unique"] = SortingFilters.Unique,
        ["upper"] = static (value, call) => TextCases.Upper(TextFilters.Alone(value, call)),
        ["urlencode"] = TextFilters.UrlEncode,
        ["wordcount"] = TextFilters.WordCount,
    };

    /// <summary>Whether Jinja has such a filter.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True where it has, implemented here or not.</returns>
    public static bool IsKnown(string name) => Table.ContainsKey(name) || NotImplemented.Contains(name);

    /// <summary>Applies a filter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What it is applied to.</param>
    /// <param name="arguments">Its further arguments.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TemplateFault">There is no such filter, or it cannot be applied so.</exception>
    public static object? Apply(string name, object? value, CallArguments arguments) => Table.TryGetValue(name, out var filter) ? filter(value, arguments)
        : NotImplemented.Contains(name) ? throw TemplateFault.NotImplemented($"the filter '{name}'")
        : throw new TemplateFault("TemplateRuntimeError", $"No filter named '{name}' found.");
}

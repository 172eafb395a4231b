using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Filters;

/// <summary>Filters that compare items; capital and small letters are the same unless asked otherwise.</summary>
internal static class SortingFilters
{
    /// <summary><c>sort</c>.</summary>
    public static object? Sort(object? value, CallArguments call)
    {
        var arguments = call.Bind(("reverse", false), ("case_sensitive", false), ("attribute", null));
        var isSensitive = PythonValues.IsTrue(arguments[1]);
        var paths = arguments[2] is TemplateText several ? several.Value.Split(',').Select(static path => new AttributePath(TemplateText.Own(path))).ToArray() : [new AttributePath(arguments[2])];
        return new PythonList(PythonComparison.Sort(
            PythonValues.Iterate(value), item => new PythonList([.. paths.Select(path => path.GetKey(item, isSensitive))]), PythonValues.IsTrue(arguments[0])));
    }

    /// <summary><c>dictsort</c>.</summary>
    public static object? DictionarySort(object? value, CallArguments call)
    {
        var arguments = call.Bind(("case_sensitive", false), ("by", TemplateText.Own("key")), ("reverse", false));
        var by = PythonText.Str(arguments[1]).Value;
        if (by is not ("key" or "value"))
        {
            throw new TemplateFault("FilterArgumentError", "You can only sort by either \"key\" or \"value\"");
        }

        var path = new AttributePath(by == "key" ? BigInteger.Zero : BigInteger.One);
        var dictionary = value as PythonDictionary ?? throw (value is Undefined undefined ? undefined.Fault()
            : new TemplateFault("AttributeError", $"'{TypeNames.Of(value)}' object has no attribute 'items'"));
        return new PythonList(PythonComparison.Sort(
            new DictionaryView(dictionary, "items").Items, item => path.GetKey(item, PythonValues.IsTrue(arguments[0])), PythonValues.IsTrue(arguments[2])));
    }

    /// <summary><c>groupby</c>.</summary>
    public static object? GroupBy(object? value, CallArguments call)
    {
        var arguments = call.Bind(("attribute", CallArguments.Required), ("default", null), ("case_sensitive", false));
        var path = new AttributePath(arguments[0], arguments[1]);
        var isSensitive = PythonValues.IsTrue(arguments[2]);
        var groups = new List<(object? Key, List<object?> Items)>();
        foreach (var item in PythonComparison.Sort(PythonValues.Iterate(value), item => path.GetKey(item, isSensitive)))
        {
            var key = path.GetKey(item, isSensitive);
            if (groups.Count == 0 || !PythonComparison.AreEqual(groups[^1].Key, key))
            {
                groups.Add((key, []));
            }

            groups[^1].Items.Add(item);
        }

        // A group is named as its first item is written.
        return new PythonList([.. groups.Select(group => new PythonTuple([path.Get(group.Items[0]), new PythonList(group.Items)], ["grouper", "list"]))]);
    }

    /// <summary><c>unique</c>.</summary>
    public static object? Unique(object? value, CallArguments call)
    {
        var arguments = call.Bind(("case_sensitive", false), ("attribute", null));
        var path = new AttributePath(arguments[1]);
        return new PythonIterator(PythonValues.Iterate(value).DistinctBy(item => new DictionaryKey(path.GetKey(item, PythonValues.IsTrue(arguments[0])))));
    }

    /// <summary><c>min</c>.</summary>
    public static object? Min(object? value, CallArguments call) => Extreme(value, call, static order => order < 0);

    /// <summary><c>max</c>.</summary>
    public static object? Max(object? value, CallArguments call) => Extreme(value, call, static order => order > 0);

    private static object? Extreme(object? value, CallArguments call, Func<int, bool> isBetter)
    {
        var arguments = call.Bind(("case_sensitive", false), ("attribute", null));
        var path = new AttributePath(arguments[1]);
        var (best, bestKey, isFirst) = ((object?)null, (object?)null, true);
        foreach (var item in PythonValues.Iterate(value))
        {
            var key = path.GetKey(item, PythonValues.IsTrue(arguments[0]));
            if (isFirst || (PythonComparison.Compare(key, bestKey, "<") is { } order && isBetter(order)))
            {
                (best, bestKey, isFirst) = (item, key, false);
            }
        }

        return isFirst ? new Undefined("No aggregated item, sequence was empty.") : best;
    }
}

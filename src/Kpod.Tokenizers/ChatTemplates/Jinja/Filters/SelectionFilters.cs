using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Filters;

/// <summary>Filters that apply another filter or test to each item, when it is asked for.</summary>
internal static class SelectionFilters
{
    /// <summary><c>map</c>.</summary>
    public static object? Map(object? value, CallArguments call) => new PythonIterator(MapItems(value, call));

    /// <summary><c>select</c>, <c>reject</c>, <c>selectattr</c>, <c>rejectattr</c>.</summary>
    public static object? Select(object? value, CallArguments call, bool isRejection, bool byAttribute) => new PythonIterator(SelectItems(value, call, isRejection, byAttribute));

    private static IEnumerable<object?> MapItems(object? value, CallArguments call)
    {
        if (!PythonValues.IsTrue(value))
        {
            yield break;
        }

        var map = Mapping(call);
        foreach (var item in PythonValues.Iterate(value))
        {
            yield return map(item);
        }
    }

    private static Func<object?, object?> Mapping(CallArguments call)
    {
        if (call.Positional.Count == 0 && call.Named.Any(static argument => argument.Key == "attribute"))
        {
            var arguments = call.Bind(("attribute", CallArguments.Required), ("default", null));
            return new AttributePath(arguments[0], arguments[1]).Get;
        }

        if (call.Positional.Count == 0)
        {
            throw new TemplateFault("FilterArgumentError", "map requires a filter argument");
        }

        var name = PythonText.Str(call.Positional[0]).Value;
        var rest = new CallArguments(name, [.. call.Positional.Skip(1)], call.Named);
        return item => FilterTable.Apply(name, item, rest);
    }

    private static IEnumerable<object?> SelectItems(object? value, CallArguments call, bool isRejection, bool byAttribute)
    {
        if (!PythonValues.IsTrue(value))
        {
            yield break;
        }

        if (byAttribute && call.Positional.Count == 0)
        {
            throw new TemplateFault("FilterArgumentError", "Missing parameter for attribute name");
        }

        var path = new AttributePath(byAttribute ? call.Positional[0] : null);
        var place = byAttribute ? 1 : 0;
        var name = call.Positional.Count > place ? PythonText.Str(call.Positional[place]).Value : null;
        var rest = new CallArguments(name ?? "select", [.. call.Positional.Skip(place + 1)], call.Named);
        foreach (var item in PythonValues.Iterate(value))
        {
            var looked = path.Get(item);
            if ((name is null ? PythonValues.IsTrue(looked) : TestTable.Apply(name, looked, rest)) != isRejection)
            {
                yield return item;
            }
        }
    }
}

using Kpod.Tokenizers.ChatTemplates.Jinja.Operations;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Filters;

/// <summary>Filters of any value.</summary>
internal static class ValueFilters
{
    /// <summary><c>default</c>: replaces what is undefined, and what is false only if asked to.</summary>
    public static object? Default(object? value, CallArguments call)
    {
        var arguments = call.Bind(("default_value", TemplateText.Empty), ("boolean", false));
        return value is Undefined || (PythonValues.IsTrue(arguments[1]) && !PythonValues.IsTrue(value)) ? arguments[0] : value;
    }

    /// <summary><c>tojson</c>, which transformers replaces by Python's <c>json.dumps</c>: no character is escaped for HTML, keys keep their order.</summary>
    public static object? ToJson(object? value, CallArguments call)
    {
        var arguments = call.Bind(("ensure_ascii", false), ("indent", null), ("separators", null), ("sort_keys", false));
        var indent = arguments[1] switch
        {
            null => null,
            TemplateText text => text,
            var spaces => new TemplateTextBuilder().Append(TemplateText.Own(" "), PythonNumbers.ToInt32(spaces)).ToText(),
        };
        var separators = arguments[2] is null ? [TemplateText.Own(indent is null ? ", " : ","), TemplateText.Own(": ")] : PythonValues.ToList(arguments[2]);
        return separators is [TemplateText items, TemplateText keys]
            ? new PythonJson(PythonValues.IsTrue(arguments[0]), indent, items, keys, PythonValues.IsTrue(arguments[3])).Write(value)
            : throw TemplateFault.Value("separators must be two strings");
    }
}

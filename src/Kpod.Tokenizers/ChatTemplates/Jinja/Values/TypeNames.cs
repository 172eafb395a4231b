using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>How Python calls the types of values.</summary>
internal static class TypeNames
{
    /// <summary>The name of a value's type.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The name.</returns>
    public static string Of(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        TemplateText { IsMarkup: true } => "Markup",
        TemplateText => "str",
        PythonList => "list",
        PythonTuple => "tuple",
        PythonDictionary => "dict",
        PythonRange => "range",
        PythonIterator => "generator",
        DictionaryView view => $"dict_{view.Part}",
        PythonNamespace => "Namespace",
        Undefined => "Undefined",
        INamedValue named => named.TypeName,
        _ => "function",
    };

    /// <summary>A value's type for messages about what it lacks.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The words.</returns>
    public static string Describe(object? value) => value is null ? "None" : $"{Of(value)} object";
}

using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Operations;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Filters;

/// <summary>The tests of Jinja 3.1 by name.</summary>
internal static class TestTable
{
    private static readonly Dictionary<string, Func<object?, bool>> Alone = new(StringComparer.Ordinal)
    {
        ["boolean"] = static value => value is bool,
        ["callable"] = static value => value is PythonFunction or INamedValue { IsCallable: true } or Undefined,
        ["defined"] = static value => value is not Undefined,
        ["escaped"] = static value => value is TemplateText { IsMarkup: true },
        ["even"] = static value => PythonComparison.AreEqual(PythonOperators.Apply("%", value, new BigInteger(2)), BigInteger.Zero),
        ["false"] = static value => value is false,
        ["filter"] = static value => PythonComparison.Hash(value) is var _ && value is TemplateText name && FilterTable.IsKnown(name.Value),
        ["float"] = static value => value is double,
        ["integer"] = static value => value is BigInteger,
        ["iterable"] = static value => PythonValues.TryIterate(value) is not null,
        ["lower"] = static value => TextTests.IsLower(PythonText.Str(value).Value),
        ["mapping"] = static value => value is PythonDictionary,
        ["none"] = static value => value is null,
        ["number"] = PythonNumbers.IsNumber,
        ["odd"] = static value => PythonComparison.AreEqual(PythonOperators.Apply("%", value, new BigInteger(2)), BigInteger.One),
        ["sequence"] = static value => value is TemplateText or PythonList or PythonTuple or PythonDictionary or PythonRange or Undefined,
        ["string"] = static value => value is TemplateText,
        ["test"] = static value => PythonComparison.Hash(value) is var _ && value is TemplateText name && IsKnown(name.Value),
        ["true"] = static value => value is true,
        ["undefined"] = static value => value is Undefined,
        ["upper"] = static value => TextTests.IsUpper(PythonText.Str(value).Value),
    };

    private static readonly Dictionary<string, Func<object?, object?, bool>> WithArgument = new(StringComparer.Ordinal)
    {
        ["divisibleby"] = static (value, number) => PythonComparison.AreEqual(PythonOperators.Apply("%", value, number), BigInteger.Zero),
        ["in"] = PythonValues.Contains,
        ["sameas"] = static (value, other) => ReferenceEquals(value, other) || (value is bool or BigInteger && value.Equals(other)),
    };

    private static readonly Dictionary<string, string> Comparisons = new(StringComparer.Ordinal)
    {
        ["=="] = "==",
        ["eq"] = "==",
        ["equalto"] = "==",
        ["!="] = "!=",
        ["ne"] = "!=",
        [">"] = ">",
        ["gt"] = ">",
        ["greaterthan"] = ">",
        [">="] = ">=",
        ["ge"] = ">=",
        ["<"] = "<",
        ["lt"] = "<",
        ["lessthan"] = "<",
        ["<="] = "<=",
        ["le"] = "<=",
    };

    /// <summary>Whether Jinja has such a test.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True where it has.</returns>
    public static bool IsKnown(string name) => Alone.ContainsKey(name) || WithArgument.ContainsKey(name) || Comparisons.ContainsKey(name);

    /// <summary>Applies a test.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What is tested.</param>
    /// <param name="arguments">Its further arguments.</param>
    /// <returns>Whether it holds.</returns>
    /// <exception cref="TemplateFault">There is no such test, or it cannot be applied so.</exception>
    public static bool Apply(string name, object? value, CallArguments arguments)
    {
        if (Alone.TryGetValue(name, out var alone))
        {
            arguments.Bind();
            return alone(value);
        }

        var isComparison = Comparisons.TryGetValue(name, out var symbol);
        if (!isComparison && !WithArgument.ContainsKey(name))
        {
            throw new TemplateFault("TemplateRuntimeError", $"No test named '{name}' found.");
        }

        var other = arguments.Bind((name == "divisibleby" ? "num" : name == "in" ? "seq" : "other", CallArguments.Required))[0];
        return isComparison ? PythonOperators.Holds(symbol!, value, other) : WithArgument[name](value, other);
    }
}

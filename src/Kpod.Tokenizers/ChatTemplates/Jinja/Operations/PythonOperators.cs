using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>Python's operators on any values.</summary>
internal static class PythonOperators
{
    /// <summary>An operator with two operands.</summary>
    /// <param name="symbol"><c>+ - * / // % **</c>.</param>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TemplateFault">The operands do not have it.</exception>
    public static object? Apply(string symbol, object? left, object? right)
    {
        if (PythonNumbers.IsNumber(left) && PythonNumbers.IsNumber(right))
        {
            return PythonNumbers.Compute(symbol, left, right);
        }

        return (symbol, left, right) switch
        {
            ("%", TemplateText format, _) => PercentFormat.Apply(format, right),
            (_, Undefined undefined, _) => throw undefined.Fault(),
            (_, _, Undefined undefined) => throw undefined.Fault(),
            ("+", TemplateText a, TemplateText b) => Add(a, b),
            ("+", PythonList a, PythonList b) => new PythonList(Join(a.Items, b.Items)),
            ("+", PythonTuple a, PythonTuple b) => new PythonTuple(Join(a.Items, b.Items)),
            ("*", _, _) when PythonNumbers.IsInteger(right) && Repeat(left, right) is { } repeated => repeated,
            ("*", _, _) when PythonNumbers.IsInteger(left) && Repeat(right, left) is { } repeated => repeated,
            ("+", TemplateText, _) => throw TemplateFault.Type($"can only concatenate str (not \"{TypeNames.Of(right)}\") to str"),
            ("+", PythonList, _) => throw TemplateFault.Type($"can only concatenate list (not \"{TypeNames.Of(right)}\") to list"),
            _ => throw TemplateFault.Type($"unsupported operand type(s) for {symbol}: '{TypeNames.Of(left)}' and '{TypeNames.Of(right)}'"),
        };
    }

    /// <summary>A sign in front of a number.</summary>
    /// <param name="isMinus">Which.</param>
    /// <param name="value">The number.</param>
    /// <returns>The result.</returns>
    public static object Sign(bool isMinus, object? value) => value switch
    {
        Undefined undefined => throw undefined.Fault(),
        double real => isMinus ? -real : real,
        bool or BigInteger => isMinus ? -PythonNumbers.ToInteger(value) : PythonNumbers.ToInteger(value),
        _ => throw TemplateFault.Type($"bad operand type for unary {(isMinus ? '-' : '+')}: '{TypeNames.Of(value)}'"),
    };

    /// <summary>A comparison.</summary>
    /// <param name="symbol"><c>== != &lt; &lt;= &gt; &gt;= in "not in"</c>.</param>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    /// <returns>Whether it holds.</returns>
    public static bool Holds(string symbol, object? left, object? right) => symbol switch
    {
        "==" => PythonComparison.AreEqual(left, right),
        "!=" => !PythonComparison.AreEqual(left, right),
        "in" => PythonValues.Contains(left, right),
        "not in" => !PythonValues.Contains(left, right),
        "<" => PythonComparison.Compare(left, right, symbol) < 0,
        "<=" => PythonComparison.Compare(left, right, symbol) <= 0,
        ">" => PythonComparison.Compare(left, right, symbol) > 0,
        _ => PythonComparison.Compare(left, right, symbol) >= 0,
    };

    private static TemplateText Add(TemplateText left, TemplateText right)
    {
        var isMarkup = left.IsMarkup || right.IsMarkup;
        return isMarkup
            ? TemplateTextBuilder.Join(left.IsMarkup ? left : Html.Escape(left), right.IsMarkup ? right : Html.Escape(right)).AsMarkup(true)
            : TemplateTextBuilder.Join(left, right);
    }

    private static object?[] Join(IReadOnlyList<object?> left, IReadOnlyList<object?> right)
    {
        RenderBudget.Spend(left.Count + right.Count);
        return [.. left, .. right];
    }

    private static object? Repeat(object? value, object? times)
    {
        var count = Math.Max(0, PythonNumbers.ToInt32(times));
        switch (value)
        {
            case TemplateText text:
                RenderBudget.Spend(text.Value.Length == 0 ? 0 : count);
                return new TemplateTextBuilder().Append(text, count).ToText().AsMarkup(text.IsMarkup);
            case PythonList list:
                return new PythonList(Repeat(list.Items, count));
            case PythonTuple tuple:
                return new PythonTuple(Repeat(tuple.Items, count));
            default:
                return null;
        }
    }

    private static object?[] Repeat(IReadOnlyList<object?> items, int count)
    {
        RenderBudget.Spend((long)items.Count * count);
        return items.Count == 0 ? [] : [.. Enumerable.Repeat(items, count).SelectMany(static repeated => repeated)];
    }
}

using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>What Python lets one do with any value: ask whether it is true, how long it is, what it holds.</summary>
internal static class PythonValues
{
    /// <summary>Whether a value counts as true.</summary>
    /// <param name="value">The value.</param>
    /// <returns>False for none, undefined, false, zero and what is empty.</returns>
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        BigInteger whole => !whole.IsZero,
        double real => real != 0,
        _ => CountOf(value) != 0,
    };

    /// <summary>The length of a value, <c>len(value)</c>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The length.</returns>
    /// <exception cref="TemplateFault">It has none.</exception>
    public static int Length(object? value) => value is Undefined ? 0 : CountOf(value) ?? throw TemplateFault.Type($"object of type '{TypeNames.Of(value)}' has no len()");

    /// <summary>Goes through what a value holds.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its items: characters, items, keys, numbers; of an iterator those not yet taken.</returns>
    /// <exception cref="TemplateFault">It holds nothing.</exception>
    public static IEnumerable<object?> Iterate(object? value) => Counted(TryIterate(value) ?? throw TemplateFault.Type($"'{TypeNames.Of(value)}' object is not iterable"));

    /// <summary>Goes through what a value holds.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its items, or null where it is no such value.</returns>
    public static IEnumerable<object?>? TryIterate(object? value) => value switch
    {
        TemplateText text => text.CodePoints(),
        PythonList list => list.Items,
        PythonTuple tuple => tuple.Items,
        PythonDictionary dictionary => dictionary.Entries.Select(entry => entry.Key),
        DictionaryView view => view.Items,
        PythonRange range => Enumerable.Range(0, range.Count).Select(index => (object?)range.At(index)),
        PythonIterator iterator => iterator.Rest(),
        Undefined => [],
        LoopState loop => loop.Rest(),
        _ => null,
    };

    /// <summary>Everything that a value holds.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The items in order.</returns>
    public static IReadOnlyList<object?> ToList(object? value) => value switch
    {
        PythonList list => list.Items,
        PythonTuple tuple => tuple.Items,
        _ => [.. Iterate(value)],
    };

    /// <summary>Whether a value is in another: <c>item in container</c>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="container">A text, a dictionary or anything with items.</param>
    /// <returns>True where it is.</returns>
    public static bool Contains(object? item, object? container)
    {
        switch (container)
        {
            case TemplateText text:
                return item is TemplateText part ? TextSearch.First(text.Value, part.Value, 0) >= 0
                    : throw TemplateFault.Type($"'in <string>' requires string as left operand, not {TypeNames.Of(item)}");
            case PythonDictionary dictionary:
                return dictionary.TryGet(item, out _);
            case DictionaryView { Part: "keys" } view:
                return view.Dictionary.TryGet(item, out _);
            default:
                return Counted(TryIterate(container) ?? throw TemplateFault.Type($"argument of type '{TypeNames.Of(container)}' is not iterable"))
                    .Any(candidate => PythonComparison.AreEqual(candidate, item));
        }
    }

    private static int? CountOf(object? value) => value switch
    {
        TemplateText text => text.Count,
        PythonList list => list.Items.Count,
        PythonTuple tuple => tuple.Items.Count,
        PythonDictionary dictionary => dictionary.Count,
        DictionaryView view => view.Dictionary.Count,
        PythonRange range => range.Count,
        LoopState loop => loop.Length,
        _ => null,
    };

    private static IEnumerable<object?> Counted(IEnumerable<object?> items)
    {
        foreach (var item in items)
        {
            RenderBudget.Step();
            yield return item;
        }
    }
}

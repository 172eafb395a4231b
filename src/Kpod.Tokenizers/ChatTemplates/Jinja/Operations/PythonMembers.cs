using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>Attributes, items and slices of values, within Jinja's immutable sandbox.</summary>
internal static class PythonMembers
{
    /// <summary><c>owner.name</c>: an attribute, or else an item of that name.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="name">Which.</param>
    /// <returns>The value; undefined where there is none.</returns>
    public static object? Attribute(object? owner, string name)
    {
        if (owner is Undefined undefined && !IsInternal(name))
        {
            throw undefined.Fault();
        }

        return TryAttribute(owner, name, out var value) || TryItem(owner, TemplateText.Own(name), out value) ? value : Undefined.Member(owner, TemplateText.Own(name));
    }

    /// <summary>An attribute alone, without a look at items: the filter <c>attr</c>.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="name">Which.</param>
    /// <returns>The value; undefined where there is none.</returns>
    public static object? OwnAttribute(object? owner, string name) => owner is Undefined undefined ? throw undefined.Fault()
        : TryAttribute(owner, name, out var value) ? value : Undefined.Member(owner, TemplateText.Own(name));

    /// <summary><c>owner[key]</c>: an item, or else an attribute of that name.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="key">Which.</param>
    /// <returns>The value; undefined where there is none.</returns>
    public static object? Item(object? owner, object? key)
    {
        if (owner is Undefined undefined)
        {
            throw undefined.Fault();
        }

        return TryItem(owner, key, out var value) || (key is TemplateText name && TryAttribute(owner, name.Value, out value)) ? value : Undefined.Member(owner, key);
    }

    /// <summary><c>owner[start:stop:step]</c>.</summary>
    /// <param name="owner">A text, list, tuple or range.</param>
    /// <param name="start">First index, or null.</param>
    /// <param name="stop">One past the last, or null.</param>
    /// <param name="step">The step, or null.</param>
    /// <returns>The part.</returns>
    /// <exception cref="TemplateFault">The value has no parts, or a bound is no whole number.</exception>
    public static object? Slice(object? owner, object? start, object? stop, object? step)
    {
        if (owner is Undefined undefined)
        {
            throw undefined.Fault();
        }

        if (owner is not (TemplateText or PythonList or PythonTuple or PythonRange))
        {
            throw TemplateFault.Type(owner is PythonDictionary ? "unhashable type: 'slice'" : $"'{TypeNames.Of(owner)}' object is not subscriptable");
        }

        if (new[] { start, stop, step }.Any(bound => bound is not null && !PythonNumbers.IsInteger(bound)))
        {
            throw TemplateFault.Type("slice indices must be integers or None or have an __index__ method");
        }

        var distance = step is null ? 1 : PythonNumbers.ToInt32(step);
        if (distance == 0)
        {
            throw TemplateFault.Value("slice step cannot be zero");
        }

        var (first, last, count) = Bounds(PythonValues.Length(owner), start, stop, distance);
        return owner switch
        {
            TemplateText text when distance == 1 => text.Cut(first, first + count),
            TemplateText text => Pick(text, first, count, distance),
            PythonTuple tuple => new PythonTuple(Pick(tuple.Items, first, count, distance)),
            PythonRange range => new PythonRange(range.At(first), range.At(last), range.Step * distance),
            PythonList list => new PythonList(Pick(list.Items, first, count, distance)),
            _ => null,
        };
    }

    private static (int First, int Last, int Count) Bounds(int length, object? start, object? stop, int step)
    {
        var (low, high) = step > 0 ? (0, length) : (-1, length - 1);
        var first = Clamp(start, step > 0 ? low : high);
        var last = Clamp(stop, step > 0 ? high : low);
        var count = step > 0 ? ((long)last - first + step - 1) / step : ((long)first - last - step - 1L) / -(long)step;
        return (first, last, (int)Math.Max(0, count));

        int Clamp(object? bound, int absent)
        {
            if (bound is null)
            {
                return absent;
            }

            var index = PythonNumbers.ToInteger(bound);
            return (int)BigInteger.Max(low, BigInteger.Min(high, index.Sign < 0 ? index + length : index));
        }
    }

    private static TemplateText Pick(TemplateText text, int first, int count, int step)
    {
        var characters = text.CodePoints().ToArray();
        RenderBudget.Spend(characters.Length);
        return TemplateTextBuilder.Join(Enumerable.Range(0, count).Select(index => characters[first + (index * step)]));
    }

    private static object?[] Pick(IReadOnlyList<object?> items, int first, int count, int step)
    {
        RenderBudget.Spend(count);
        return [.. Enumerable.Range(0, count).Select(index => items[first + (index * step)])];
    }

    private static bool TryItem(object? owner, object? key, out object? value)
    {
        value = null;
        if (owner is PythonDictionary dictionary)
        {
            return key is not (PythonList or PythonDictionary) && dictionary.TryGet(key, out value);
        }

        if (!PythonNumbers.IsInteger(key) || owner is not (TemplateText or PythonList or PythonTuple or PythonRange))
        {
            return false;
        }

        var length = PythonValues.Length(owner);
        var index = PythonNumbers.ToInteger(key);
        index = index.Sign < 0 ? index + length : index;
        if (index.Sign < 0 || index >= length)
        {
            return false;
        }

        value = owner switch
        {
            TemplateText text => text.Cut((int)index, (int)index + 1),
            PythonList list => list.Items[(int)index],
            PythonTuple tuple => tuple.Items[(int)index],
            _ => ((PythonRange)owner).At((int)index),
        };
        return true;
    }

    private static bool IsInternal(string name) => name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal);

    private static bool TryAttribute(object? owner, string name, out object? value)
    {
        if (IsInternal(name) && owner is not PythonNamespace)
        {
            value = Undefined.Unsafe(owner, name);
            return true;
        }

        switch (owner)
        {
            case INamedValue named:
                return named.TryGetAttribute(name, out value);
            case PythonNamespace space:
                return space.Attributes.TryGet(name, out value);
            case TemplateText text:
                return TextMethods.TryFind(text, name, out value);
            case PythonTuple { Names: { } names } tuple when names.ToList().IndexOf(name) is >= 0 and var place:
                value = tuple.Items[place];
                return true;
            default:
                return CollectionMethods.TryFind(owner, name, out value);
        }
    }
}

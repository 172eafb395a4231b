using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>Equality and order as Python has them: numbers by value whatever their type, strings by code points, sequences item by item.</summary>
internal static class PythonComparison
{
    /// <summary>Whether two values are equal.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True where they are.</returns>
    public static bool AreEqual(object? left, object? right)
    {
        RenderBudget.Step();
        return (left, right) switch
        {
            (null, null) => true,
            (Undefined, Undefined) => true,
            (TemplateText a, TemplateText b) => SpendAndCompare(a.Value, b.Value),
            (PythonList a, PythonList b) => ReferenceEquals(a, b) || AreEqual(a.Items, b.Items),
            (PythonTuple a, PythonTuple b) => ReferenceEquals(a, b) || AreEqual(a.Items, b.Items),
            (PythonDictionary a, PythonDictionary b) => ReferenceEquals(a, b) || AreEqual(a, b),
            (PythonRange a, PythonRange b) => a.Count == b.Count && (a.Count == 0 || (a.Start == b.Start && (a.Count == 1 || a.Step == b.Step))),
            (DictionaryView { Part: "keys" } a, DictionaryView { Part: "keys" } b) => a.Dictionary.Count == b.Dictionary.Count && a.Items.All(key => b.Dictionary.TryGet(key, out _)),
            _ => PythonNumbers.IsNumber(left) && PythonNumbers.IsNumber(right) ? CompareNumbers(left, right) == 0 : left is not null && ReferenceEquals(left, right),
        };
    }

    /// <summary>A hash that is equal for equal values.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The hash.</returns>
    /// <exception cref="TemplateFault">The value can be no key.</exception>
    public static int Hash(object? value)
    {
        RenderBudget.Step();
        return value switch
        {
            null => 0,
            TemplateText text => string.GetHashCode(text.Value, StringComparison.Ordinal),
            bool or BigInteger or double => PythonNumbers.ToDouble(value).GetHashCode(),
            PythonTuple tuple => tuple.Items.Aggregate(tuple.Items.Count, static (hash, item) => HashCode.Combine(hash, Hash(item))),
            PythonList or PythonDictionary or DictionaryView => throw TemplateFault.Type($"unhashable type: '{TypeNames.Of(value)}'"),
            Undefined => 1,
            _ => value.GetHashCode(),
        };
    }

    /// <summary>Compares two values.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <param name="symbol">The operator, for errors.</param>
    /// <returns>Below, at or above 0; null where one is not a number (NaN), which has no order.</returns>
    /// <exception cref="TemplateFault">The two have no order.</exception>
    public static int? Compare(object? left, object? right, string symbol)
    {
        RenderBudget.Step();
        return (left, right) switch
        {
            (Undefined undefined, _) => throw undefined.Fault(),
            (_, Undefined undefined) => throw undefined.Fault(),
            (TemplateText a, TemplateText b) => CompareText(a.Value, b.Value),
            (PythonList a, PythonList b) => CompareItems(a.Items, b.Items, symbol),
            (PythonTuple a, PythonTuple b) => CompareItems(a.Items, b.Items, symbol),
            _ when PythonNumbers.IsNumber(left) && PythonNumbers.IsNumber(right) => CompareNumbers(left, right),
            _ => throw TemplateFault.Type($"'{symbol}' not supported between instances of '{TypeNames.Of(left)}' and '{TypeNames.Of(right)}'"),
        };
    }

    /// <summary>Sorts values; equal ones keep their order.</summary>
    /// <typeparam name="T">What is sorted.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="key">What they are sorted by.</param>
    /// <param name="isReversed">Whether the largest comes first.</param>
    /// <returns>The items in order.</returns>
    /// <exception cref="TemplateFault">Two keys have no order.</exception>
    public static IReadOnlyList<T> Sort<T>(IEnumerable<T> items, Func<T, object?> key, bool isReversed = false)
    {
        var keyed = items.Select(item => (Item: item, Key: key(item))).ToArray();
        return [.. MergeSort(keyed, isReversed).Select(pair => pair.Item)];
    }

    /// <summary>Compares strings by code points.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Below, at or above 0.</returns>
    public static int CompareText(string left, string right)
    {
        RenderBudget.Spend(Math.Min(left.Length, right.Length));
        var common = left.AsSpan().CommonPrefixLength(right);
        return common == left.Length || common == right.Length ? left.Length.CompareTo(right.Length) : Rank(left[common]).CompareTo(Rank(right[common]));
    }

    // .NET's own sort wraps what a comparison throws, and takes an order for granted that NaN does not have.
    private static (T Item, object? Key)[] MergeSort<T>((T Item, object? Key)[] items, bool isReversed)
    {
        if (items.Length < 2)
        {
            return items;
        }

        var (left, right) = (MergeSort(items[..(items.Length / 2)], isReversed), MergeSort(items[(items.Length / 2)..], isReversed));
        var (fromLeft, fromRight) = (0, 0);
        for (var place = 0; place < items.Length; place++)
        {
            var takesRight = fromLeft == left.Length
                || (fromRight < right.Length && (isReversed ? Compare(left[fromLeft].Key, right[fromRight].Key, "<") < 0 : Compare(right[fromRight].Key, left[fromLeft].Key, "<") < 0));
            items[place] = takesRight ? right[fromRight++] : left[fromLeft++];
        }

        return items;
    }

    // Surrogates stand for characters above all others.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;

    private static bool SpendAndCompare(string left, string right)
    {
        RenderBudget.Spend(left.Length == right.Length ? left.Length : 0);
        return string.Equals(left, right, StringComparison.Ordinal);
    }

    private static bool AreEqual(IReadOnlyList<object?> left, IReadOnlyList<object?> right) =>
        left.Count == right.Count && left.Zip(right).All(static pair => AreEqual(pair.First, pair.Second));

    private static bool AreEqual(PythonDictionary left, PythonDictionary right) =>
        left.Count == right.Count && left.Entries.All(entry => right.TryGet(entry.Key, out var value) && AreEqual(entry.Value, value));

    private static int? CompareItems(IReadOnlyList<object?> left, IReadOnlyList<object?> right, string symbol)
    {
        for (var index = 0; index < Math.Min(left.Count, right.Count); index++)
        {
            if (!AreEqual(left[index], right[index]))
            {
                return Compare(left[index], right[index], symbol);
            }
        }

        return left.Count.CompareTo(right.Count);
    }

    private static int? CompareNumbers(object? left, object? right)
    {
        if (left is not double && right is not double)
        {
            return PythonNumbers.ToInteger(left).CompareTo(PythonNumbers.ToInteger(right));
        }

        var (a, b) = (left as double?, right as double?);
        if (a is { } x && b is { } y)
        {
            return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
        }

        // A whole number beside a float: exactly, since a float may not hold it.
        var real = a ?? b!.Value;
        if (double.IsNaN(real))
        {
            return null;
        }

        var order = double.IsInfinity(real) ? Math.Sign(real) : CompareExactly(real, PythonNumbers.ToInteger(a is null ? left : right));
        return a is null ? -order : order;
    }

    private static int CompareExactly(double real, BigInteger whole)
    {
        var floor = Math.Floor(real);
        var order = new BigInteger(floor).CompareTo(whole);
        return order == 0 && real > floor ? 1 : order;
    }
}

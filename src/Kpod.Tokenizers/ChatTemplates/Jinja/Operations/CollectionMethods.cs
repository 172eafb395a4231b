using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Operations;

/// <summary>The methods and attributes of lists, tuples, dictionaries, ranges and numbers. What would change a list or dictionary is not to be had.</summary>
internal static class CollectionMethods
{
    private static readonly string[] ListChanges = ["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"];
    private static readonly string[] DictionaryChanges = ["clear", "pop", "popitem", "setdefault", "update"];

    /// <summary>Finds an attribute.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="name">Which.</param>
    /// <param name="value">The attribute; a method is bound to its owner.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(object? owner, string name, out object? value)
    {
        value = owner switch
        {
            PythonList when ListChanges.Contains(name) => Undefined.Unsafe(owner, name),
            PythonDictionary when DictionaryChanges.Contains(name) => Undefined.Unsafe(owner, name),
            PythonList or PythonTuple or PythonRange => SequenceMethod(owner, name),
            PythonDictionary dictionary => DictionaryMethod(dictionary, name),
            bool or BigInteger or double => NumberAttribute(owner, name),
            _ => null,
        };
        return value is not null;
    }

    private static PythonFunction? SequenceMethod(object owner, string name) => name switch
    {
        "index" => new PythonFunction(name, call => IndexOf(owner, call)),
        "count" => new PythonFunction(name, call => new BigInteger(PythonValues.Iterate(owner).Count(item => PythonComparison.AreEqual(item, call.Bind(("value", CallArguments.Required))[0])))),
        "copy" when owner is PythonList => new PythonFunction(name, _ => owner),
        _ => null,
    };

    private static BigInteger IndexOf(object owner, CallArguments call)
    {
        var sought = call.Bind(("value", CallArguments.Required), ("start", BigInteger.Zero), ("stop", null));
        var items = PythonValues.ToList(owner);
        var (start, stop) = (Place(sought[1]), sought[2] is null ? items.Count : Place(sought[2]));
        for (var index = Math.Max(0, start); index < Math.Min(items.Count, stop); index++)
        {
            if (PythonComparison.AreEqual(items[index], sought[0]))
            {
                return new BigInteger(index);
            }
        }

        throw TemplateFault.Value($"{PythonText.Repr(sought[0]).Value} is not in {TypeNames.Of(owner)}");

        int Place(object? bound) => PythonNumbers.ToInt32(bound) is < 0 and var negative ? Math.Max(0, negative + items.Count) : PythonNumbers.ToInt32(bound);
    }

    private static PythonFunction? DictionaryMethod(PythonDictionary dictionary, string name) => name switch
    {
        "get" => new PythonFunction(name, call =>
        {
            var arguments = call.Bind(("key", CallArguments.Required), ("default", null));
            return dictionary.TryGet(arguments[0], out var value) ? value : arguments[1];
        }),
        "keys" or "values" or "items" => new PythonFunction(name, call =>
        {
            call.Bind();
            return new DictionaryView(dictionary, name);
        }),
        "copy" => new PythonFunction(name, _ => dictionary),
        "fromkeys" => new PythonFunction(name, static _ => throw TemplateFault.NotImplemented("the method dict.fromkeys")),
        _ => null,
    };

    private static object? NumberAttribute(object number, string name) => (name, number) switch
    {
        ("real", _) => number is bool ? PythonNumbers.ToInteger(number) : number,
        ("imag", double) => 0.0,
        ("imag", _) => BigInteger.Zero,
        ("numerator", bool or BigInteger) => PythonNumbers.ToInteger(number),
        ("denominator", bool or BigInteger) => BigInteger.One,
        ("bit_length", bool or BigInteger) => new PythonFunction(name, _ => new BigInteger(BigInteger.Abs(PythonNumbers.ToInteger(number)) is { IsZero: false } size ? (long)size.GetBitLength() : 0)),
        ("is_integer", double real) => new PythonFunction(name, _ => double.IsInteger(real)),
        ("is_integer", _) => null,
        ("bit_count" or "conjugate" or "as_integer_ratio" or "to_bytes" or "from_bytes" or "hex" or "fromhex", _) => new PythonFunction(name, _ => throw TemplateFault.NotImplemented($"the method {TypeNames.Of(number)}.{name}")),
        _ => null,
    };
}

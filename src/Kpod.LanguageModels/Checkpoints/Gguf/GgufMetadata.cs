using System.Globalization;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>The key-values of a GGUF file. Every getter gives null where the key is missing, and throws, naming file and key, where the value is of another kind.</summary>
internal sealed class GgufMetadata
{
    private readonly string _path;
    private readonly IReadOnlyDictionary<string, object> _values;

    /// <summary>Takes what was read.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="values">Per key a number, bool, string or an array of these, in the type of the file.</param>
    public GgufMetadata(string path, IReadOnlyDictionary<string, object> values)
    {
        _path = path;
        _values = values;
    }

    /// <summary>Every key with its value, in the type of the file.</summary>
    public IReadOnlyDictionary<string, object> Values => _values;

    /// <summary>Whether a key is there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>True if it is.</returns>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>A text.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text or null.</returns>
    public string? Text(string key) => Get<string>(key, "a text");

    /// <summary>True or false.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value or null.</returns>
    public bool? Flag(string key) => _values.TryGetValue(key, out var value) ? value is bool flag ? flag : throw Mismatch(key, value, "true or false") : null;

    /// <summary>A whole number of any width.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">The smallest value that is accepted.</param>
    /// <param name="most">The largest.</param>
    /// <returns>The number or null.</returns>
    public int? Integer(string key, int least = 0, int most = int.MaxValue)
    {
        if (!_values.TryGetValue(key, out var value))
        {
            return null;
        }

        Int128 number = value switch
        {
            byte v => v,
            sbyte v => v,
            ushort v => v,
            short v => v,
            uint v => v,
            int v => v,
            ulong v => v,
            long v => v,
            _ => throw Mismatch(key, value, "a whole number"),
        };
        return number >= least && number <= most ? (int)number : throw Fault(key, $"is {number}; it must be from {least} to {most}");
    }

    /// <summary>A finite floating-point number.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The number or null.</returns>
    public double? Number(string key)
    {
        if (!_values.TryGetValue(key, out var value))
        {
            return null;
        }

        var number = value switch
        {
            float v => v,
            double v => v,
            _ => throw Mismatch(key, value, "a floating-point number"),
        };
        return double.IsFinite(number) ? number : throw Fault(key, $"is {number.ToString(CultureInfo.InvariantCulture)}; it must be finite");
    }

    /// <summary>A list of texts.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The list or null.</returns>
    public IReadOnlyList<string>? Texts(string key) => Get<string[]>(key, "a list of texts");

    /// <summary>A list of 32-bit floating-point numbers.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The list or null.</returns>
    public IReadOnlyList<float>? Numbers(string key) => Get<float[]>(key, "a list of 32-bit floating-point numbers");

    /// <summary>A list of 32-bit whole numbers.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The list or null.</returns>
    public IReadOnlyList<int>? Integers(string key) => !_values.TryGetValue(key, out var value) ? null : value switch
    {
        int[] numbers => numbers,
        uint[] numbers => Array.ConvertAll(numbers, number => number <= int.MaxValue ? (int)number : throw Fault(key, $"holds {number}, which is too large")),
        _ => throw Mismatch(key, value, "a list of 32-bit whole numbers"),
    };

    /// <summary>Bytes.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The bytes or null.</returns>
    public byte[]? Bytes(string key) => !_values.TryGetValue(key, out var value) ? null : value switch
    {
        byte[] bytes => bytes,
        sbyte[] bytes => Array.ConvertAll(bytes, number => (byte)number),
        _ => throw Mismatch(key, value, "a list of bytes"),
    };

    /// <summary>The error for a key that must be there and is not.</summary>
    /// <param name="key">The key.</param>
    /// <returns>To be thrown.</returns>
    public KpodException Missing(string key) => Fault(key, "is missing");

    /// <summary>The error for a key with a bad value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="what">What is wrong with it, as the end of a sentence that begins with the key.</param>
    /// <returns>To be thrown.</returns>
    public KpodException Fault(string key, string what) => new($"{_path}: the key {key} {what}.");

    private T? Get<T>(string key, string kind)
        where T : class =>
        _values.TryGetValue(key, out var value) ? value as T ?? throw Mismatch(key, value, kind) : null;

    private KpodException Mismatch(string key, object value, string kind) =>
        Fault(key, $"is {(value is Array ? $"a list ({value.GetType().GetElementType()!.Name})" : $"'{Convert.ToString(value, CultureInfo.InvariantCulture)}' ({value.GetType().Name})")}; it must be {kind}");
}

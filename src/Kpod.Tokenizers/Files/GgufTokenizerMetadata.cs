using System.Globalization;

namespace Kpod.Tokenizers.Files;

/// <summary>Typed look-ups in the metadata of a GGUF file.</summary>
/// <param name="metadata">The metadata.</param>
/// <param name="place">The file, for errors.</param>
internal sealed class GgufTokenizerMetadata(IReadOnlyDictionary<string, object> metadata, string place)
{
    /// <summary>A value that must be there.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="key">Its key.</param>
    /// <returns>The value.</returns>
    public T Required<T>(string key)
        where T : class => Optional<T>(key) ?? throw new KpodException($"{place}: the key {key} is missing; the file has no usable tokenizer.");

    /// <summary>A value that may be missing.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="key">Its key.</param>
    /// <returns>The value, or null.</returns>
    public T? Optional<T>(string key)
        where T : class => !metadata.TryGetValue(key, out var value) ? null
        : value as T ?? throw new KpodException($"{place}: the key {key} holds {value.GetType().Name}, it must hold {typeof(T).Name}.");

    /// <summary>A list with a value for each token, which may be missing.</summary>
    /// <typeparam name="T">The type of a value.</typeparam>
    /// <param name="key">Its key.</param>
    /// <param name="count">Number of tokens.</param>
    /// <returns>The list, or null.</returns>
    public T[]? OptionalList<T>(string key, int count)
    {
        var list = Optional<T[]>(key);
        return list is null || list.Length == count ? list
            : throw new KpodException($"{place}: the key {key} has {list.Length} values for {count} tokens; they must be as many.");
    }

    /// <summary>A boolean that may be missing.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The value, or null.</returns>
    public bool? Flag(string key) => !metadata.TryGetValue(key, out var value) ? null
        : value as bool? ?? throw new KpodException($"{place}: the key {key} holds {value.GetType().Name}, it must hold true or false.");

    /// <summary>A token id that may be missing.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="size">Size of the vocabulary.</param>
    /// <returns>The id, or null.</returns>
    public int? Id(string key, int size)
    {
        if (!metadata.TryGetValue(key, out var value))
        {
            return null;
        }

        var id = value is byte or sbyte or short or ushort or int or uint or long or ulong ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) : -1;
        return id >= 0 && id < size ? (int)id : throw new KpodException($"{place}: the key {key} is {value}; it must be an id from 0 to {size - 1}.");
    }
}

using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>A dictionary in the order in which its keys were first set; templates cannot change it.</summary>
internal sealed class PythonDictionary
{
    private readonly OrderedDictionary<DictionaryKey, object?> _entries = [];

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>Keys with their values.</summary>
    public IEnumerable<KeyValuePair<object?, object?>> Entries => _entries.Select(entry => KeyValuePair.Create(entry.Key.Value, entry.Value));

    /// <summary>Sets a key.</summary>
    /// <param name="key">The key; a list or dictionary cannot be one.</param>
    /// <param name="value">Its value.</param>
    public void Set(object? key, object? value) => _entries[new DictionaryKey(key)] = value;

    /// <summary>Finds a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGet(object? key, out object? value) => _entries.TryGetValue(new DictionaryKey(key), out value);

    /// <summary>Finds a key that is a string.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGet(string key, out object? value) => TryGet((object)TemplateText.Own(key), out value);
}

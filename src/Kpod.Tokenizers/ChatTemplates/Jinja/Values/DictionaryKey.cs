namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>A key of a dictionary: values that Python finds equal are one key, 1, 1.0 and true for instance.</summary>
/// <param name="Value">The value.</param>
internal readonly record struct DictionaryKey(object? Value)
{
    /// <inheritdoc/>
    public bool Equals(DictionaryKey other) => PythonComparison.AreEqual(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => PythonComparison.Hash(Value);
}

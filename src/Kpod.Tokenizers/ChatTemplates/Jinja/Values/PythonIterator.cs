namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>Items that are computed when they are asked for, and only once: a second pass finds nothing.</summary>
/// <param name="items">The items.</param>
internal sealed class PythonIterator(IEnumerable<object?> items)
{
    private IEnumerator<object?>? _items = items.GetEnumerator();

    /// <summary>The items that nobody has taken.</summary>
    /// <returns>Each as it is taken.</returns>
    public IEnumerable<object?> Rest()
    {
        while (_items is { } running && running.MoveNext())
        {
            yield return running.Current;
        }

        _items = null;
    }
}

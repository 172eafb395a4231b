namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>The keys, values or items of a dictionary.</summary>
/// <param name="Dictionary">The dictionary.</param>
/// <param name="Part"><c>keys</c>, <c>values</c> or <c>items</c>.</param>
internal sealed record DictionaryView(PythonDictionary Dictionary, string Part)
{
    /// <summary>What it holds.</summary>
    public IEnumerable<object?> Items => Part switch
    {
        "keys" => Dictionary.Entries.Select(entry => entry.Key),
        "values" => Dictionary.Entries.Select(entry => entry.Value),
        _ => Dictionary.Entries.Select(entry => (object?)new PythonTuple([entry.Key, entry.Value])),
    };
}

using System.Globalization;
using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Operations;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Filters;

/// <summary>Names what a filter looks at in an item: <c>name</c>, <c>name.inner</c>, <c>0</c>.</summary>
internal sealed class AttributePath
{
    private readonly IReadOnlyList<object?> _parts;
    private readonly object? _fallback;

    /// <summary>Reads a path.</summary>
    /// <param name="attribute">A text with dots, a whole number, or null for the item itself.</param>
    /// <param name="fallback">What stands for undefined; null for nothing.</param>
    public AttributePath(object? attribute, object? fallback = null)
    {
        _fallback = fallback;
        _parts = attribute switch
        {
            null => [],
            TemplateText text => [.. text.Value.Split('.').Select(static part => part.Length > 0 && part.All(char.IsAsciiDigit)
                ? (object)BigInteger.Parse(part, CultureInfo.InvariantCulture)
                : TemplateText.Own(part))],
            _ => [attribute],
        };
    }

    /// <summary>Looks in an item.</summary>
    /// <param name="item">The item.</param>
    /// <returns>What is there.</returns>
    public object? Get(object? item)
    {
        foreach (var part in _parts)
        {
            item = PythonMembers.Item(item, part);
            item = item is Undefined && _fallback is not null ? _fallback : item;
        }

        return item;
    }

    /// <summary>Looks in an item for what it is sorted by.</summary>
    /// <param name="item">The item.</param>
    /// <param name="isCaseSensitive">Whether capital and small letters differ.</param>
    /// <returns>What is there, in small letters where they do not.</returns>
    public object? GetKey(object? item, bool isCaseSensitive) => Get(item) is var value && value is TemplateText text && !isCaseSensitive ? TextCases.Lower(text) : value;
}

using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Execution;

/// <summary>Goes through its items again and again: what <c>cycler(…)</c> makes.</summary>
internal sealed class Cycler : INamedValue
{
    private readonly IReadOnlyList<object?> _items;
    private int _place;

    /// <summary>Starts at the first item.</summary>
    /// <param name="items">The items.</param>
    public Cycler(IReadOnlyList<object?> items) => _items = items.Count > 0 ? items : throw new TemplateFault("RuntimeError", "at least one item has to be provided");

    /// <inheritdoc/>
    public bool IsCallable => false;

    /// <inheritdoc/>
    public string TypeName => "Cycler";

    /// <inheritdoc/>
    public string Printed => "<Cycler object>";

    /// <inheritdoc/>
    public bool TryGetAttribute(string name, out object? value)
    {
        value = name switch
        {
            "current" => _items[_place],
            "next" => new PythonFunction(name, _ => _items[Move((_place + 1) % _items.Count)]),
            "reset" => new PythonFunction(name, _ => Move(0) < 0 ? null : null),
            _ => null,
        };
        return value is not null || name == "current";
    }

    // Returns the place that it was at.
    private int Move(int to)
    {
        var from = _place;
        _place = to;
        return from;
    }
}

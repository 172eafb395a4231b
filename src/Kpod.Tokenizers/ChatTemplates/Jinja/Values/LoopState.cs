using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>A running loop: the variable <c>loop</c>. It looks ahead only when asked, because that takes an item from an iterator.</summary>
internal sealed class LoopState : INamedValue
{
    private readonly int _depth;
    private readonly Func<object?, TemplateText>? _recurse;
    private IEnumerator<object?> _items;
    private int? _length;
    private object? _previous = Missing;
    private object? _current = Missing;
    private object? _next = Missing;
    private object? _lastChanged = Missing;
    private int _index = -1;

    private static readonly object Missing = new();

    /// <summary>Starts a loop.</summary>
    /// <param name="items">What it goes through.</param>
    /// <param name="length">How many there are, where that is known.</param>
    /// <param name="depth">How many recursive loops are around it.</param>
    /// <param name="recurse">Runs the loop's body on other items; null where the loop is not recursive.</param>
    public LoopState(IEnumerable<object?> items, int? length, int depth, Func<object?, TemplateText>? recurse)
    {
        _items = items.GetEnumerator();
        _length = length;
        _depth = depth;
        _recurse = recurse;
    }

    /// <inheritdoc/>
    public bool IsCallable => true;

    /// <inheritdoc/>
    public string TypeName => "LoopContext";

    /// <inheritdoc/>
    public string Printed => $"<LoopContext {_index + 1}/{Length}>";

    /// <summary>How many recursive loops are around it.</summary>
    public int Depth => _depth;

    /// <summary>The item that the loop is at.</summary>
    public object? Current => _current;

    /// <summary>Number of items; taking it reads an iterator to its end.</summary>
    public int Length
    {
        get
        {
            if (_length is null)
            {
                var rest = new List<object?>();
                while (_items.MoveNext())
                {
                    RenderBudget.Step();
                    rest.Add(_items.Current);
                }

                _items = rest.GetEnumerator();
                _length = rest.Count + _index + 1 + (ReferenceEquals(_next, Missing) ? 0 : 1);
            }

            return _length.Value;
        }
    }

    /// <summary>Goes to the next item.</summary>
    /// <returns>False at the end.</returns>
    public bool Advance()
    {
        var next = Peek();
        if (ReferenceEquals(next, Missing))
        {
            return false;
        }

        (_previous, _current, _next) = (_current, next, Missing);
        _index++;
        return true;
    }

    /// <summary>Runs the loop's body on other items: <c>loop(items)</c>.</summary>
    /// <param name="items">The items.</param>
    /// <returns>What the body printed.</returns>
    public TemplateText Recurse(object? items) => _recurse is null
        ? throw TemplateFault.Type("The loop must have the 'recursive' marker to be called recursively.")
        : _recurse(items);

    /// <summary>The items that are left, each with the loop itself, as iterating over a loop gives them.</summary>
    /// <returns>The pairs.</returns>
    public IEnumerable<object?> Rest()
    {
        while (Advance())
        {
            yield return new PythonTuple([_current, this]);
        }
    }

    /// <inheritdoc/>
    public bool TryGetAttribute(string name, out object? value)
    {
        value = name switch
        {
            "index" => new BigInteger(_index + 1),
            "index0" => new BigInteger(_index),
            "revindex" => new BigInteger(Length - _index),
            "revindex0" => new BigInteger(Length - _index - 1),
            "first" => _index == 0,
            "last" => ReferenceEquals(Peek(), Missing),
            "length" => new BigInteger(Length),
            "depth" => new BigInteger(_depth + 1),
            "depth0" => new BigInteger(_depth),
            "previtem" => _index == 0 ? new Undefined("there is no previous item") : _previous,
            "nextitem" => ReferenceEquals(Peek(), Missing) ? new Undefined("there is no next item") : _next,
            "cycle" => new PythonFunction(name, call => call.Positional.Count == 0 ? throw TemplateFault.Type("no items for cycling given") : call.Positional[_index % call.Positional.Count]),
            "changed" => new PythonFunction(name, call => HasChanged(new PythonTuple(call.Positional))),
            _ => Missing,
        };
        return !ReferenceEquals(value, Missing);
    }

    private bool HasChanged(PythonTuple value)
    {
        var hasChanged = ReferenceEquals(_lastChanged, Missing) || !PythonComparison.AreEqual(_lastChanged, value);
        _lastChanged = value;
        return hasChanged;
    }

    private object? Peek()
    {
        if (ReferenceEquals(_next, Missing) && _items.MoveNext())
        {
            _next = _items.Current;
        }

        return _next;
    }
}

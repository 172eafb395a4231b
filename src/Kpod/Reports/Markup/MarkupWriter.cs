using System.Text;

namespace Kpod.Reports.Markup;

/// <summary>Writes HTML and SVG that cannot come out unbalanced or unescaped: elements close with their scope, and text enters only through the escape.</summary>
internal sealed class MarkupWriter
{
    private readonly StringBuilder _markup = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; it closes when the scope is disposed of.</summary>
    /// <param name="tag">Its name, from our own code.</param>
    /// <param name="attributes">Names from our own code and values of any origin; a null value leaves the attribute out.</param>
    /// <returns>The scope.</returns>
    public Scope Open(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(tag, attributes);
        _markup.Append('>');
        _open.Push(tag);
        return new Scope(this);
    }

    /// <summary>An element with text alone.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="text">Its text, of any origin.</param>
    /// <param name="attributes">As in <see cref="Open"/>.</param>
    /// <returns>This writer.</returns>
    public MarkupWriter Element(string tag, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(tag, attributes);
        _markup.Append('>').Append(MarkupText.Escape(text)).Append("</").Append(tag).Append('>');
        return this;
    }

    /// <summary>An element without content.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="attributes">As in <see cref="Open"/>.</param>
    /// <returns>This writer.</returns>
    public MarkupWriter Empty(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(tag, attributes);
        _markup.Append("/>");
        return this;
    }

    /// <summary>Text of any origin.</summary>
    /// <param name="text">The text.</param>
    /// <returns>This writer.</returns>
    public MarkupWriter Text(string text)
    {
        _markup.Append(MarkupText.Escape(text));
        return this;
    }

    /// <summary>A line end between elements, for readers of the source.</summary>
    /// <returns>This writer.</returns>
    public MarkupWriter Line()
    {
        _markup.Append('\n');
        return this;
    }

    /// <summary>Markup that another writer made.</summary>
    /// <param name="other">A writer with nothing left open.</param>
    /// <returns>This writer.</returns>
    public MarkupWriter Include(MarkupWriter other)
    {
        _markup.Append(other.ToString());
        return this;
    }

    /// <summary>Constant text of our own code that must not be escaped: the style sheet and the script.</summary>
    /// <param name="tag"><c>style</c> or <c>script</c>.</param>
    /// <param name="code">Holds no <c>&lt;</c> and no <c>&amp;</c>.</param>
    /// <returns>This writer.</returns>
    public MarkupWriter Code(string tag, string code)
    {
        if (code.AsSpan().ContainsAny('<', '&'))
        {
            throw new ArgumentException("Inline code may hold neither '<' nor '&': a reader of HTML and one of XML would take them differently.", nameof(code));
        }

        _markup.Append('<').Append(tag).Append('>').Append(code).Append("</").Append(tag).Append('>');
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        _open.Count == 0 ? _markup.ToString() : throw new InvalidOperationException($"<{_open.Peek()}> is still open.");

    private void Start(string tag, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _markup.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            if (value is not null)
            {
                _markup.Append(' ').Append(name).Append("=\"").Append(MarkupText.Escape(value)).Append('"');
            }
        }
    }

    private void Close() => _markup.Append("</").Append(_open.Pop()).Append('>');

    /// <summary>An open element.</summary>
    /// <param name="writer">Whose.</param>
    public readonly struct Scope(MarkupWriter writer) : IDisposable
    {
        /// <summary>Closes the element.</summary>
        public void Dispose() => writer.Close();
    }
}

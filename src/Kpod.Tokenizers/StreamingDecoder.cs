using System.Text;

namespace Kpod.Tokenizers;

/// <summary>
/// Decodes ids as they are generated. Nothing is shown that a later token could still change: text that ends inside a character (in U+FFFD) waits until the
/// character is whole.
/// The chunks are those of the reference's <c>DecodeStream</c>. Only the ids since the last chunk are decoded anew.
/// </summary>
/// <param name="tokenizer">The tokenizer.</param>
public sealed class StreamingDecoder(ITokenizer tokenizer)
{
    private const char Unfinished = '\uFFFD';
    private readonly List<int> _all = [];
    private readonly List<int> _window = []; // the ids of the last chunk, which tell whether a space belongs before the next, and those after it
    private readonly StringBuilder _shown = new();
    private string _prefix = string.Empty; // the text of the window's first ids, already shown
    private int _prefixIds;

    /// <summary>All text shown so far.</summary>
    public string Shown => _shown.ToString();

    /// <summary>Takes the next id.</summary>
    /// <param name="id">An id.</param>
    /// <returns>The text that can be shown now; empty where there is nothing new.</returns>
    public string Append(int id)
    {
        TakePrefix();
        _all.Add(id);
        _window.Add(id);
        var text = tokenizer.Decode(_window);
        var isLonger = Encoding.UTF8.GetByteCount(text) > Encoding.UTF8.GetByteCount(_prefix);
        if (!isLonger || text.EndsWith(Unfinished) || !text.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return string.Empty;
        }

        var chunk = text[_prefix.Length..];
        _window.RemoveRange(0, _prefixIds);
        _prefix = tokenizer.Decode(_window);
        _prefixIds = _window.Count;
        _shown.Append(chunk);
        return chunk;
    }

    /// <summary>Ends the stream.</summary>
    /// <returns>What was held back: an unfinished character, as the decoder writes it.</returns>
    public string Finish()
    {
        var text = tokenizer.Decode(_all);
        var rest = text[Math.Min(_shown.Length, text.Length)..];
        _shown.Append(rest);
        return rest;
    }

    // While nothing was shown the ids so far may already have a finished text of their own, such as none at all.
    private void TakePrefix()
    {
        if (_prefix.Length == 0 && _window.Count > 0 && tokenizer.Decode(_window) is var text && !text.EndsWith(Unfinished))
        {
            _prefix = text;
            _prefixIds = _window.Count;
        }
    }
}

using Kpod.Tokenizers;

namespace Kpod.LanguageModels.Inference;

/// <summary>One text while it is written: its tokens so far and whether it has ended.</summary>
internal sealed class TextUnderWay
{
    private readonly ITokenizer _tokenizer;
    private readonly IReadOnlyList<string> _stopTexts;
    private readonly HashSet<int> _endIds;
    private readonly List<int> _ids = [];
    private readonly int _maximumTokens;
    private readonly int _window;

    /// <summary>Starts an empty text.</summary>
    /// <param name="index">Its place among the texts asked for.</param>
    /// <param name="maximumTokens">Tokens after which it is cut off.</param>
    /// <param name="stopTexts">Texts that end it.</param>
    /// <param name="endIds">Tokens that end it.</param>
    /// <param name="tokenizer">Decodes it.</param>
    /// <param name="random">Chance for sampling.</param>
    public TextUnderWay(int index, int maximumTokens, IReadOnlyList<string> stopTexts, HashSet<int> endIds, ITokenizer tokenizer, Random random)
    {
        Index = index;
        Random = random;
        _maximumTokens = maximumTokens;
        _stopTexts = stopTexts;
        _endIds = endIds;
        _tokenizer = tokenizer;

        // A token stands for one byte at least (special tokens aside), and a UTF-16 unit for three at most.
        _window = stopTexts.Count == 0 ? 0 : (3 * stopTexts.Max(text => text.Length)) + 8;
    }

    /// <summary>Its place among the texts asked for.</summary>
    public int Index { get; }

    /// <summary>Chance for sampling, of this text alone.</summary>
    public Random Random { get; }

    /// <summary>Why it ended, or null while it has not.</summary>
    public StopReason? Ended { get; private set; }

    /// <summary>Appends a token and sees whether the text has ended.</summary>
    /// <param name="id">The token.</param>
    public void Add(int id)
    {
        _ids.Add(id);
        if (_endIds.Contains(id))
        {
            Ended = StopReason.EndToken;
        }
        else if (HasStopText())
        {
            Ended = StopReason.StopText;
        }
        else if (_ids.Count >= _maximumTokens)
        {
            Ended = StopReason.Length;
        }
    }

    /// <summary>Decodes the text.</summary>
    /// <returns>The result.</returns>
    public GeneratedText Finish()
    {
        var text = _tokenizer.Decode(Ended == StopReason.EndToken ? _ids[..^1] : _ids);
        if (Ended == StopReason.StopText)
        {
            text = text[.._stopTexts.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(place => place >= 0).DefaultIfEmpty(text.Length).Min()];
        }

        return new GeneratedText([.. _ids], text, Ended ?? StopReason.Length);
    }

    // Only the end of the text is decoded, enough to hold any stop text that the last token completed.
    private bool HasStopText()
    {
        if (_stopTexts.Count == 0)
        {
            return false;
        }

        var tail = _tokenizer.Decode(_ids[Math.Max(0, _ids.Count - _window)..]);
        return _stopTexts.Any(stop => tail.Contains(stop, StringComparison.Ordinal));
    }
}

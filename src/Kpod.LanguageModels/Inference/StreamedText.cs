using Kpod.Tokenizers;

namespace Kpod.LanguageModels.Inference;

/// <summary>Shows a text while it is written: whole characters only, and nothing that may turn out to be the beginning of a stop text.</summary>
/// <param name="tokenizer">Decodes it.</param>
/// <param name="stopTexts">Texts that end it.</param>
internal sealed class StreamedText(ITokenizer tokenizer, IReadOnlyList<string> stopTexts)
{
    private readonly StreamingDecoder _decoder = new(tokenizer);
    private string _held = string.Empty;
    private int _shown;

    /// <summary>Takes the next token of a text that goes on.</summary>
    /// <param name="id">The token.</param>
    /// <returns>What can be shown now; empty where there is nothing new.</returns>
    public string Append(int id)
    {
        _held += _decoder.Append(id);
        var safe = _held.Length - stopTexts.Select(HeldFor).DefaultIfEmpty(0).Max();
        var chunk = _held[..safe];
        _held = _held[safe..];
        _shown += chunk.Length;
        return chunk;
    }

    /// <summary>Ends the text.</summary>
    /// <param name="whole">The whole text as it came out.</param>
    /// <returns>What was not shown of it.</returns>
    public string Finish(string whole) => whole[Math.Min(_shown, whole.Length)..];

    // Length of the longest end of what is held with which the stop text could begin.
    private int HeldFor(string stop)
    {
        for (var length = Math.Min(stop.Length - 1, _held.Length); length > 0; length--)
        {
            if (_held.AsSpan(_held.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}

using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.ChatTemplates;

/// <summary>A rendered conversation, which knows what of it comes from the template and what from the messages.</summary>
public sealed class ChatPrompt
{
    private readonly TemplateText _text;

    internal ChatPrompt(TemplateText text) => _text = text;

    /// <summary>The text, as the reference renders it.</summary>
    public string Text => _text.Value;

    /// <summary>
    /// Encodes the text. Special tokens are recognised where the template wrote them; what a message says is never read as one, whatever it spells. Nothing is
    /// added in front or behind: the template writes its own begin token.
    /// </summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <returns>The ids in order.</returns>
    public int[] Encode(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return [.. tokenizer.Encode(Text, SpecialTokenPlaces.Within(OwnStretches())).Select(token => token.Id)];
    }

    private List<(int Start, int End)> OwnStretches()
    {
        var stretches = new List<(int Start, int End)>();
        var at = 0;
        foreach (var run in _text.Runs)
        {
            if (!run.IsForeign)
            {
                stretches.Add((at, at + run.Length));
            }

            at += run.Length;
        }

        return stretches;
    }
}

using System.Text;

namespace Kpod.Tokenizers.Normalization;

/// <summary>Puts a text in front; it has the span of the first character. An empty text stays empty.</summary>
/// <param name="prefix">What is put in front.</param>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    /// <inheritdoc/>
    public AlignedText Normalize(AlignedText text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var builder = new AlignedTextBuilder(text.Length + prefix.Length);
        Rune.DecodeFromUtf16(text.Characters, out _, out var first);
        builder.Append(prefix, text.StartOf(0), text.EndOf(first - 1));
        builder.Append(text, 0, text.Length);
        return builder.ToText();
    }
}

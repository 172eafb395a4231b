using System.Text;

namespace Kpod.Tokenizers.Normalization;

/// <summary>Replaces a text wherever it stands; what it becomes has the span of its last character.</summary>
/// <param name="sought">What is replaced; not empty.</param>
/// <param name="replacement">What it becomes.</param>
internal sealed class ReplaceNormalizer(string sought, string replacement) : INormalizer
{
    /// <inheritdoc/>
    public AlignedText Normalize(AlignedText text)
    {
        var characters = text.Characters;
        if (characters.IndexOf(sought) < 0)
        {
            return text;
        }

        var builder = new AlignedTextBuilder(text.Length + 16);
        var position = 0;
        for (int step; (step = characters[position..].IndexOf(sought)) >= 0; position += step + sought.Length)
        {
            builder.Append(text, position, step);
            var end = position + step + sought.Length;
            Rune.DecodeLastFromUtf16(characters[..end], out _, out var last);
            builder.Append(replacement, text.StartOf(end - last), text.EndOf(end - 1));
        }

        builder.Append(text, position, text.Length - position);
        return builder.ToText();
    }
}

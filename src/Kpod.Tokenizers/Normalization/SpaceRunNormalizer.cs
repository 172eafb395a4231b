namespace Kpod.Tokenizers.Normalization;

/// <summary>
/// Replaces each run of two or more spaces, <c>Replace</c> by the expression <c> {2,}</c>; what it becomes has the span of the run's last space.
/// </summary>
/// <param name="replacement">What a run becomes.</param>
internal sealed class SpaceRunNormalizer(string replacement) : INormalizer
{
    /// <summary>The expression as tokenizer files spell it.</summary>
    public const string Expression = " {2,}";

    /// <inheritdoc/>
    public AlignedText Normalize(AlignedText text)
    {
        var characters = text.Characters;
        if (characters.IndexOf("  ") < 0)
        {
            return text;
        }

        var builder = new AlignedTextBuilder(text.Length);
        for (var position = 0; position < text.Length;)
        {
            var step = characters[position..].IndexOf("  ");
            var start = step < 0 ? text.Length : position + step;
            builder.Append(text, position, start - position);
            position = text.Length - characters[start..].TrimStart(' ').Length;
            if (position > start)
            {
                builder.Append(replacement, text.StartOf(position - 1), text.EndOf(position - 1));
            }
        }

        return builder.ToText();
    }
}

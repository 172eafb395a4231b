using System.Text;

namespace Kpod.Tokenizers.Normalization;

/// <summary>
/// Applies a list of character changes with one cursor on the input. A replacing character takes the span of the input character at the cursor,
/// an inserted one the span of the character just passed; removed characters belong to nothing.
/// </summary>
internal static class TextTransform
{
    /// <summary>Rewrites a text.</summary>
    /// <param name="text">The input.</param>
    /// <param name="changes">What is written, in order.</param>
    /// <returns>The rewritten text with the spans of its characters.</returns>
    public static AlignedText Apply(AlignedText text, IReadOnlyList<CharacterChange> changes)
    {
        var builder = new AlignedTextBuilder(text.Length + (text.Length / 8));
        var cursor = 0;
        var (start, end) = text.Length == 0 ? (0, 0) : (text.StartOf(0), text.StartOf(0));
        foreach (var (character, change) in changes)
        {
            if (change <= 0)
            {
                (start, end) = SpanAt(text, ref cursor);
            }

            builder.Append(character, start, end);
            for (var removed = change; removed < 0; removed++)
            {
                var span = SpanAt(text, ref cursor);
                if (removed == -1)
                {
                    (start, end) = span;
                }
            }
        }

        return builder.ToText();
    }

    private static (int Start, int End) SpanAt(AlignedText text, ref int cursor)
    {
        var first = cursor;
        Rune.DecodeFromUtf16(text.Characters[first..], out _, out var length);
        cursor += length;
        return (text.StartOf(first), text.EndOf(cursor - 1));
    }
}

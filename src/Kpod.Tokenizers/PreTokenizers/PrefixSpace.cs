using Kpod.Tokenizers.Normalization;

namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>Puts a space before each piece that does not begin with one (<c>add_prefix_space</c>); it has the span of the piece's first character.</summary>
internal sealed class PrefixSpace : IPreTokenizer
{
    /// <inheritdoc/>
    public SplitText Split(SplitText split)
    {
        var text = split.Text;
        var builder = new AlignedTextBuilder(text.Length + split.Pieces.Count);
        var pieces = new List<TextRange>(split.Pieces.Count);
        foreach (var piece in split.Pieces)
        {
            var start = builder.Length;
            if (text.Characters[piece.Start] != ' ')
            {
                var first = char.IsHighSurrogate(text.Characters[piece.Start]) ? 2 : 1;
                builder.Append(' ', text.StartOf(piece.Start), text.EndOf(piece.Start + first - 1));
            }

            builder.Append(text, piece.Start, piece.Length);
            pieces.Add(new TextRange(start, builder.Length));
        }

        return new SplitText(builder.ToText(), pieces);
    }
}

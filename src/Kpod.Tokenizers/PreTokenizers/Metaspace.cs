using Kpod.Tokenizers.Normalization;

namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>
/// Writes spaces as a mark, puts one in front of pieces that do not begin with it, and may cut before each mark: the pre-tokenizer <c>Metaspace</c>.
/// </summary>
/// <param name="mark">The mark, usually ▁.</param>
/// <param name="prefix">Which pieces get a mark in front; it has the span of the piece's first character.</param>
/// <param name="cuts">Whether pieces are cut before each mark.</param>
internal sealed class Metaspace(char mark, MetaspacePrefix prefix, bool cuts) : IPreTokenizer
{
    /// <inheritdoc/>
    public SplitText Split(SplitText split)
    {
        var builder = new AlignedTextBuilder(split.Text.Length + split.Pieces.Count);
        var pieces = new List<TextRange>(split.Pieces.Count + (cuts ? split.Text.Length / 5 : 0));
        foreach (var piece in split.Pieces)
        {
            var start = builder.Length;
            Rewrite(split.Text, piece, builder);
            if (cuts)
            {
                Cut(builder, start, pieces);
            }
            else
            {
                pieces.Add(new TextRange(start, builder.Length));
            }
        }

        return new SplitText(builder.ToText(), pieces);
    }

    private void Rewrite(AlignedText text, TextRange piece, AlignedTextBuilder builder)
    {
        var first = text.Characters[piece.Start];
        var startsWithMark = first == mark || first == ' ';
        if (!startsWithMark && (prefix == MetaspacePrefix.Always || (prefix == MetaspacePrefix.First && text.StartOf(piece.Start) == 0)))
        {
            var length = char.IsHighSurrogate(first) ? 2 : 1;
            builder.Append(mark, text.StartOf(piece.Start), text.EndOf(piece.Start + length - 1));
        }

        var from = builder.Length;
        builder.Append(text, piece.Start, piece.Length);
        builder.Written(from).Replace(' ', mark);
    }

    private void Cut(AlignedTextBuilder builder, int start, List<TextRange> pieces)
    {
        var written = builder.Written(start);
        for (int from = 0, next; from < written.Length; from = next)
        {
            var step = written[(from + 1)..].IndexOf(mark);
            next = step < 0 ? written.Length : from + 1 + step;
            pieces.Add(new TextRange(start + from, start + next));
        }
    }
}

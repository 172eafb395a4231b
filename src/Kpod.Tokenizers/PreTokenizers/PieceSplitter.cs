namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>Finds the end of the piece that begins at a position.</summary>
/// <param name="text">A piece of text; it is looked at alone, so its end counts as the end of the text.</param>
/// <param name="start">Where the next piece begins; below the length.</param>
/// <returns>One past the last unit of that piece; more than <paramref name="start"/>.</returns>
internal delegate int PieceScanner(ReadOnlySpan<char> text, int start);

/// <summary>Cuts each piece with a scanner; nothing is dropped.</summary>
/// <param name="scanner">Finds the end of each piece.</param>
internal sealed class PieceSplitter(PieceScanner scanner) : IPreTokenizer
{
    /// <inheritdoc/>
    public SplitText Split(SplitText split)
    {
        var pieces = new List<TextRange>(split.Pieces.Count + (split.Text.Length / 4));
        foreach (var piece in split.Pieces)
        {
            var text = split.Text.Characters[piece.Start..piece.End];
            for (int start = 0, end; start < text.Length; start = end)
            {
                end = scanner(text, start);
                pieces.Add(new TextRange(piece.Start + start, piece.Start + end));
            }
        }

        return split with { Pieces = pieces };
    }
}

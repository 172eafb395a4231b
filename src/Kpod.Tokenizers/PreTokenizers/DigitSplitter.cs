using System.Text;

namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>Cuts numbers out of the text: the pre-tokenizer <c>Digits</c>. It goes by Unicode 17, where the split patterns go by 16.</summary>
/// <param name="individually">Whether each digit is a piece of its own, or each run of digits.</param>
internal sealed class DigitSplitter(bool individually) : IPreTokenizer
{
    // Tolong Siki digits: the numbers that Unicode 17 added to 16.
    private const int FirstAdded = 0x11DE0;
    private const int LastAdded = 0x11DE9;

    /// <inheritdoc/>
    public SplitText Split(SplitText split)
    {
        var pieces = new List<TextRange>(split.Pieces.Count + 16);
        foreach (var piece in split.Pieces)
        {
            SplitPiece(split.Text.Characters[piece.Start..piece.End], piece.Start, pieces);
        }

        return split with { Pieces = pieces };
    }

    private void SplitPiece(ReadOnlySpan<char> text, int origin, List<TextRange> pieces)
    {
        var start = 0;
        var afterNumber = false;
        for (int i = 0, length; i < text.Length; i += length)
        {
            var isNumber = CharacterKinds.At(text, i, out length) == CharacterKind.Number || (length == 2 && IsAdded(text.Slice(i, 2)));
            if (i > start && (isNumber != afterNumber || (isNumber && individually)))
            {
                pieces.Add(new TextRange(origin + start, origin + i));
                start = i;
            }

            afterNumber = isNumber;
        }

        if (start < text.Length)
        {
            pieces.Add(new TextRange(origin + start, origin + text.Length));
        }
    }

    private static bool IsAdded(ReadOnlySpan<char> pair) => new Rune(pair[0], pair[1]).Value is >= FirstAdded and <= LastAdded;
}

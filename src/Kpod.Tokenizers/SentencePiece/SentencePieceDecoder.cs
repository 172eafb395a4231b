using System.Text;
using Kpod.Tokenizers.Decoders;
using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>
/// SentencePiece's way back: ▁ to space without the one that was put in front, bytes to characters with
/// one U+FFFD for each byte that begins none, the unknown piece as its surface.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="addedTokens">Control tokens and those beyond the model.</param>
internal sealed class SentencePieceDecoder(SentencePieceModel model, AddedTokenSet addedTokens) : IIdDecoder
{
    private const char Mark = '▁';
    private readonly bool _dropsFirstSpace = model.AddsDummyPrefix || model.RemovesExtraSpaces;

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids, bool keepSpecialTokens)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        var isAtStart = true;
        var spaceDropped = false;
        foreach (var id in ids)
        {
            if ((uint)id < (uint)model.Pieces.Count && model.Pieces[id].Type == PieceType.Byte)
            {
                bytes.Add((byte)ByteTokens.ByteOf(model.Pieces[id].Piece));
                continue;
            }

            Flush(bytes, text);
            isAtStart &= !spaceDropped && text.Length == 0;
            spaceDropped = false;
            if (addedTokens.Find(id) is { } added)
            {
                text.Append(added.IsSpecial && !keepSpecialTokens ? string.Empty : added.Content);
            }
            else if ((uint)id < (uint)model.Pieces.Count)
            {
                text.Append(SurfaceOf(model.Pieces[id], isAtStart, out spaceDropped));
            }
        }

        Flush(bytes, text);
        return text.ToString();
    }

    private string SurfaceOf(SentencePieceEntry entry, bool isAtStart, out bool spaceDropped)
    {
        spaceDropped = false;
        if (entry.Type == PieceType.Unknown)
        {
            return model.UnknownSurface;
        }

        var piece = entry.Piece;
        if (isAtStart && _dropsFirstSpace && piece.StartsWith(Mark))
        {
            piece = piece[1..];
            spaceDropped = !model.RemovesExtraSpaces; // where spaces are taken out, all at the start are dropped
        }

        return piece.Replace(Mark, ' ');
    }

    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        for (ReadOnlySpan<byte> rest = bytes.ToArray(); !rest.IsEmpty;)
        {
            var isValid = Rune.DecodeFromUtf8(rest, out var character, out var length) == System.Buffers.OperationStatus.Done;
            text.Append(isValid ? character.ToString() : "\uFFFD");
            rest = rest[(isValid ? length : 1)..];
        }

        bytes.Clear();
    }
}

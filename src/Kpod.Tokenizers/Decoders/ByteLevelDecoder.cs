using System.Text;
using Kpod.Tokenizers.PieceModels;

namespace Kpod.Tokenizers.Decoders;

/// <summary>
/// Turns symbols of the byte-level alphabet back into bytes and these into text, with one U+FFFD for each maximal invalid part.
/// A piece with any other character stands for its own UTF-8.
/// </summary>
internal sealed class ByteLevelDecoder : IPieceDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> pieces)
    {
        var bytes = new List<byte>(pieces.Sum(piece => piece.Length));
        foreach (var piece in pieces)
        {
            Append(piece, bytes);
        }

        return [Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes))];
    }

    private static void Append(string piece, List<byte> bytes)
    {
        var before = bytes.Count;
        foreach (var symbol in piece)
        {
            var value = ByteLevelAlphabet.ByteOf(symbol);
            if (value < 0)
            {
                bytes.RemoveRange(before, bytes.Count - before);
                bytes.AddRange(Encoding.UTF8.GetBytes(piece));
                return;
            }

            bytes.Add((byte)value);
        }
    }
}

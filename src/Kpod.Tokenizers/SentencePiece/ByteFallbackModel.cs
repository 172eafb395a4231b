using System.Text;
using Kpod.Tokenizers.PieceModels;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>
/// Spells each unknown character of another model in bytes. All but the last byte of a character have an empty span at its start, as in SentencePiece.
/// </summary>
/// <param name="model">The model; gives unknown characters one by one.</param>
/// <param name="unknownId">Its unknown id.</param>
/// <param name="byteIds">The ids of the 256 byte pieces.</param>
internal sealed class ByteFallbackModel(IPieceModel model, int unknownId, int[] byteIds) : IPieceModel
{
    /// <inheritdoc/>
    public ReadOnlySpan<PieceToken> Encode(ReadOnlySpan<char> piece, PieceScratch scratch)
    {
        var tokens = model.Encode(piece, scratch);
        var unknown = 0;
        foreach (var token in tokens)
        {
            unknown += token.Id == unknownId ? 1 : 0;
        }

        if (unknown == 0)
        {
            return tokens;
        }

        var spelt = new List<PieceToken>(tokens.Length + (unknown * 3));
        Span<byte> bytes = stackalloc byte[4];
        foreach (var token in tokens)
        {
            if (token.Id != unknownId)
            {
                spelt.Add(token);
                continue;
            }

            var length = Encoding.UTF8.GetBytes(piece[token.Start..token.End], bytes);
            for (var i = 0; i < length; i++)
            {
                spelt.Add(new PieceToken(byteIds[bytes[i]], token.Start, i == length - 1 ? token.End : token.Start));
            }
        }

        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(spelt);
    }
}

using System.Text;
using Kpod.Tokenizers.PieceModels;

namespace Kpod.Tokenizers.Decoders;

/// <summary>Turns runs of byte tokens into text; a run that is not valid UTF-8 as a whole gives one U+FFFD for each of its bytes.</summary>
internal sealed class ByteFallbackDecoder : IPieceDecoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> pieces)
    {
        var decoded = new List<string>(pieces.Count);
        var run = new List<byte>();
        foreach (var piece in pieces)
        {
            var value = ByteTokens.ByteOf(piece);
            if (value >= 0)
            {
                run.Add((byte)value);
                continue;
            }

            Flush(run, decoded);
            decoded.Add(piece);
        }

        Flush(run, decoded);
        return decoded;
    }

    private static void Flush(List<byte> run, List<string> decoded)
    {
        if (run.Count == 0)
        {
            return;
        }

        try
        {
            decoded.Add(Strict.GetString([.. run]));
        }
        catch (DecoderFallbackException)
        {
            decoded.Add(new string('\uFFFD', run.Count));
        }

        run.Clear();
    }
}

using Kpod.Tokenizers.Normalization;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers;

/// <summary>Encodes a stretch of text between special tokens.</summary>
internal interface ISectionEncoder
{
    /// <summary>Encodes.</summary>
    /// <param name="section">The stretch, with its place in the original text.</param>
    /// <param name="special">Where special tokens that are written out are recognised, in the original text.</param>
    /// <param name="tokens">Where the tokens are appended.</param>
    void Encode(AlignedText section, SpecialTokenPlaces special, List<Token> tokens);
}

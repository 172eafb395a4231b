using Kpod.Tokenizers.Normalization;

namespace Kpod.Tokenizers;

/// <summary>Encodes a stretch of text between special tokens.</summary>
internal interface ISectionEncoder
{
    /// <summary>Encodes.</summary>
    /// <param name="section">The stretch, with its place in the original text.</param>
    /// <param name="recogniseSpecialTokens">Whether special tokens written in it are recognised.</param>
    /// <param name="tokens">Where the tokens are appended.</param>
    void Encode(AlignedText section, bool recogniseSpecialTokens, List<Token> tokens);
}

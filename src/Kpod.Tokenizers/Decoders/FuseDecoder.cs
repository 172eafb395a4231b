namespace Kpod.Tokenizers.Decoders;

/// <summary>Joins all pieces.</summary>
internal sealed class FuseDecoder : IPieceDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> pieces) => [string.Concat(pieces)];
}

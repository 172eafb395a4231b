namespace Kpod.Tokenizers.Decoders;

/// <summary>One step from pieces back to text; the last step's pieces, joined, are the text.</summary>
internal interface IPieceDecoder
{
    /// <summary>Rewrites pieces.</summary>
    /// <param name="pieces">The pieces in order.</param>
    /// <returns>The pieces for the next step, as many or fewer.</returns>
    IReadOnlyList<string> Decode(IReadOnlyList<string> pieces);
}

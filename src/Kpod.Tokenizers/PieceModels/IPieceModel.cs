namespace Kpod.Tokenizers.PieceModels;

/// <summary>Spells one piece of text (a word, or the whole text where nothing splits it) in tokens of a vocabulary.</summary>
internal interface IPieceModel
{
    /// <summary>Spells a piece. Safe to call from several threads, each with its own scratch memory.</summary>
    /// <param name="piece">The piece; well-formed UTF-16.</param>
    /// <param name="scratch">Memory that may be overwritten.</param>
    /// <returns>The tokens in order; valid until the next call with the same <paramref name="scratch"/>.</returns>
    ReadOnlySpan<PieceToken> Encode(ReadOnlySpan<char> piece, PieceScratch scratch);
}

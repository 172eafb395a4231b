using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>Which tokens play which part.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="AddsBegin">Whether the begin token stands in front of every sequence.</param>
/// <param name="AddsEnd">Whether the end token stands behind every sequence.</param>
internal sealed record SentencePieceRoles(SpecialTokenIds Ids, bool AddsBegin, bool AddsEnd);

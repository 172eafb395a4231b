namespace Kpod.Tokenizers.SentencePiece;

/// <summary>One piece of a SentencePiece vocabulary; its id is its place in the list.</summary>
/// <param name="Piece">Its spelling.</param>
/// <param name="Score">Its score: higher is likelier, or merges earlier.</param>
/// <param name="Type">What it is for.</param>
internal readonly record struct SentencePieceEntry(string Piece, float Score, PieceType Type);

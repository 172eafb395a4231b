namespace Kpod.Tokenizers;

/// <summary>A piece of a Unigram vocabulary.</summary>
/// <param name="Piece">Its spelling; ▁ stands for the space before a word.</param>
/// <param name="Score">The natural logarithm of its probability; 0 for control tokens.</param>
public readonly record struct ScoredPiece(string Piece, double Score);

namespace Kpod.Tokenizers.PieceModels;

/// <summary>One token of a piece of text.</summary>
/// <param name="Id">Its id in the vocabulary.</param>
/// <param name="Start">First UTF-16 code unit of the piece that it stands for.</param>
/// <param name="End">One past the last unit.</param>
internal readonly record struct PieceToken(int Id, int Start, int End);

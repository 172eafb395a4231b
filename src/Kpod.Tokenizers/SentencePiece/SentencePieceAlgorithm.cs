namespace Kpod.Tokenizers.SentencePiece;

/// <summary>How a SentencePiece model spells; the numbers are those of its files.</summary>
internal enum SentencePieceAlgorithm
{
    /// <summary>The most probable sequence of pieces.</summary>
    Unigram = 1,

    /// <summary>Merges of neighbours, the highest score first.</summary>
    Bpe = 2,
}

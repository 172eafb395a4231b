using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Reads the pieces of a SentencePiece tokenizer in a GGUF file, after <see cref="GgufTokenizer"/> has checked them.</summary>
internal static class GgufPieces
{
    /// <summary>Reads the pieces.</summary>
    /// <param name="reader">The file's key-values.</param>
    /// <returns>The pieces by id.</returns>
    public static IReadOnlyList<SentencePieceEntry> Read(GgufTokenizerMetadata reader)
    {
        var pieces = reader.Required<string[]>(GgufTokenizer.Prefix + "tokens");
        var scores = reader.Required<float[]>(GgufTokenizer.Prefix + "scores");
        var types = reader.Required<int[]>(GgufTokenizer.Prefix + "token_type");
        return [.. pieces.Select((piece, id) => new SentencePieceEntry(piece, scores[id], (PieceType)types[id]))];
    }
}

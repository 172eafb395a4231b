using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Says a SentencePiece model (models "llama" and "t5") in the keys of a GGUF file.</summary>
internal static class SentencePieceToGguf
{
    private const string Prefix = GgufTokenizer.Prefix;

    /// <summary>Makes the keys of the vocabulary.</summary>
    /// <param name="file">The <c>.model</c>.</param>
    /// <param name="tokenizer">The folder's tokenizer, which may have tokens beyond the model's pieces.</param>
    /// <param name="rows">Rows of the model's embedding.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="KpodException">The file states what the keys cannot say, or contradicts the tokenizer beside it.</exception>
    public static IEnumerable<KeyValuePair<string, object>> Convert(string file, Tokenizer tokenizer, int rows)
    {
        var model = SentencePieceModelFile.Read(file);
        if (Unsayable(model) is { } part)
        {
            throw new KpodException($"{file}: {part}, which a GGUF file cannot say.");
        }

        var isBpe = model.Algorithm == SentencePieceAlgorithm.Bpe;
        List<KeyValuePair<string, object>> keys =
        [
            new(Prefix + "model", isBpe ? "llama" : "t5"),
            new(Prefix + "pre", "default"),
            .. Tokens(file, model, tokenizer, rows).Keys(withScores: true),
            new(Prefix + "add_space_prefix", model.AddsDummyPrefix),
        ];
        if (!isBpe)
        {
            keys.Add(new(Prefix + "remove_extra_whitespaces", model.RemovesExtraSpaces));
        }

        if (model.CharacterMap.Length > 0)
        {
            keys.Add(new(Prefix + "precompiled_charsmap", model.CharacterMap));
        }

        return keys;
    }

    private static string? Unsayable(SentencePieceModel model)
    {
        var isBpe = model.Algorithm == SentencePieceAlgorithm.Bpe;
        return model.SpaceIsSuffix ? "puts its space behind a text (treat_whitespace_as_suffix)"
            : !model.EscapesSpaces ? "does not write spaces as ▁ (escape_whitespaces false)"
            : isBpe && model.CharacterMap.Length > 0 ? "has a BPE with a character map (normalizer_spec)"
            : isBpe && model.RemovesExtraSpaces ? "has a BPE that takes out extra white space (remove_extra_whitespaces)"
            : !isBpe && model.ByteFallback ? "has a Unigram model with byte_fallback"
            : isBpe && !model.ByteFallback && model.Pieces.Count(entry => entry.Type == PieceType.Byte) > byte.MaxValue ? "has byte pieces but no byte_fallback"
            : null;
    }

    private static GgufTokenList Tokens(string file, SentencePieceModel model, Tokenizer tokenizer, int rows)
    {
        var tokens = new GgufTokenList(rows);
        for (var id = 0; id < Math.Max(model.Pieces.Count, tokenizer.VocabularySize); id++)
        {
            var piece = tokenizer.FindPiece(id);
            if (id >= model.Pieces.Count)
            {
                if (piece is not null)
                {
                    tokens.Set(id, piece, tokenizer.IsSpecial(id) ? PieceType.Control : PieceType.UserDefined);
                }

                continue;
            }

            var entry = model.Pieces[id];
            if (piece is not null && piece != entry.Piece)
            {
                throw new KpodException($"{file}: piece {id} is \"{entry.Piece}\", but the tokenizer beside it calls it \"{piece}\"; the two do not belong together.");
            }

            var isMadeSpecial = entry.Type is PieceType.Normal or PieceType.UserDefined && tokenizer.IsSpecial(id);
            tokens.Set(id, entry.Piece, isMadeSpecial ? PieceType.Control : entry.Type, entry.Score);
        }

        return tokens;
    }
}

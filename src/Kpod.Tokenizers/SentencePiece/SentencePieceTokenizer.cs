using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.PreTokenizers;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>Puts a tokenizer together from a SentencePiece model.</summary>
internal static class SentencePieceTokenizer
{
    /// <summary>Makes the tokenizer.</summary>
    /// <param name="model">The model, checked.</param>
    /// <param name="furtherTokens">Tokens beyond the model's pieces, such as T5's sentinels.</param>
    /// <param name="find">Says which tokens play which part, given how to find them.</param>
    /// <param name="place">The file, for errors.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="KpodException">A piece stands twice, or the character map is damaged.</exception>
    public static Tokenizer Create(
        SentencePieceModel model, IReadOnlyCollection<AddedToken> furtherTokens, Func<Func<string, int?>, SentencePieceRoles> find, string place)
    {
        var vocabulary = new Vocabulary([.. model.Pieces.Select((entry, id) => KeyValuePair.Create(entry.Piece, id))], place);
        var control = model.Pieces.Select((entry, id) => (entry, id)).Where(piece => piece.entry.Type == PieceType.Control)
            .Select(piece => new AddedToken(piece.id, piece.entry.Piece) { IsSpecial = true });
        var added = new AddedTokenSet([.. control, .. furtherTokens], normalizer: null);
        var userDefined = model.Pieces.Select((entry, id) => (entry, id)).Where(piece => piece.entry.Type == PieceType.UserDefined)
            .Select(piece => KeyValuePair.Create(piece.entry.Piece, piece.id)).ToList();
        var trie = userDefined.Count == 0 ? null : new PieceTrie(userDefined);
        var encoder = MakeEncoder(model, trie, vocabulary, place);
        var roles = find(spelling => added.Find(spelling)?.Id ?? vocabulary.Find(spelling));
        var post = new PostProcessor(
            roles.AddsBegin && roles.Ids.Begin is { } begin ? [begin] : [],
            roles.AddsEnd && roles.Ids.End is { } end ? [end] : [],
            OffsetTrims: []);
        return new Tokenizer(vocabulary, added, encoder, new SentencePieceDecoder(model, added), post, roles.Ids);
    }

    private static SentencePieceEncoder MakeEncoder(SentencePieceModel model, PieceTrie? userDefined, Vocabulary vocabulary, string place)
    {
        var normalizer = new SentencePieceNormalizer(model, userDefined, place);
        var isBpe = model.Algorithm == SentencePieceAlgorithm.Bpe;
        IPieceModel spelling = isBpe ? new SentencePieceBpe(model, userDefined) : new SentencePieceUnigram(model);
        spelling = model.ByteFallback ? new ByteFallbackModel(spelling, model.UnknownId, ByteTokens.IdsIn(vocabulary)) : spelling;

        // Unigram adds its scores up over the whole text in single precision, so that cutting the text could change which of two equal paths wins.
        var cuts = isBpe && !model.Pieces.Any(entry => entry.Type is PieceType.Normal or PieceType.UserDefined && MarkCutter.IsCut(entry.Piece));
        return new SentencePieceEncoder(normalizer, isBpe ? new PieceCache(spelling) : spelling, model.UnknownId, cuts);
    }
}

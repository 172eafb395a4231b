using Kpod.Tokenizers.Decoders;
using Kpod.Tokenizers.Normalization;
using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers;

/// <summary>A tokenizer read from a file: byte-level BPE, SentencePiece BPE or Unigram. Safe for several threads.</summary>
public sealed class Tokenizer : ITokenizer
{
    private readonly Vocabulary _vocabulary;
    private readonly AddedTokenSet _addedTokens;
    private readonly ISectionEncoder _encoder;
    private readonly IIdDecoder _decoder;
    private readonly PostProcessor _postProcessor;
    private readonly SpecialTokenIds _special;

    internal Tokenizer(
        Vocabulary vocabulary, AddedTokenSet addedTokens, ISectionEncoder encoder, IIdDecoder decoder, PostProcessor postProcessor, SpecialTokenIds special)
    {
        _vocabulary = vocabulary;
        _addedTokens = addedTokens;
        _encoder = encoder;
        _decoder = decoder;
        _postProcessor = postProcessor;
        _special = special;
        VocabularySize = Math.Max(vocabulary.Size, addedTokens.Size);
    }

    /// <summary>What its files say that is not followed, a sentence each: to be shown to whoever loads it.</summary>
    public IReadOnlyList<string> Remarks { get; internal init; } = [];

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int? BeginId => _special.Begin;

    /// <inheritdoc/>
    public int? EndId => _special.End;

    /// <inheritdoc/>
    public int? PadId => _special.Pad;

    /// <inheritdoc/>
    public int? UnknownId => _special.Unknown;

    /// <inheritdoc/>
    public bool AddsBegin => _special.Begin is { } begin && _postProcessor.Before.Contains(begin);

    /// <summary>Ids that stand in front of a sequence as the tokenizer's own post-processor has it.</summary>
    public IReadOnlyList<int> IdsBefore => _postProcessor.Before;

    /// <summary>Ids that stand behind a sequence as the tokenizer's own post-processor has it, such as T5's <c>&lt;/s&gt;</c>.</summary>
    public IReadOnlyList<int> IdsAfter => _postProcessor.After;

    /// <inheritdoc/>
    /// <remarks>
    /// Exactly what the reference does with <c>encode_special_tokens</c>. A lone surrogate is read as U+FFFD. A Unigram model can still reach a piece such
    /// as <c>&lt;/s&gt;</c>
    /// that stands in its vocabulary; the reference does so too.
    /// </remarks>
    public IReadOnlyList<Token> Encode(string text, bool recogniseSpecialTokens = false) => Encode(text, SpecialTokenPlaces.Of(recogniseSpecialTokens));

    /// <summary>Encodes a text of which only some parts may hold special tokens.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="special">Where special tokens that are written out become their ids.</param>
    /// <returns>The tokens in order.</returns>
    internal IReadOnlyList<Token> Encode(string text, SpecialTokenPlaces special)
    {
        ArgumentNullException.ThrowIfNull(text);
        var wellFormed = WellFormed(text);
        var tokens = new List<Token>((text.Length / 3) + 4);
        foreach (var match in _addedTokens.InOriginal.Split(wellFormed, special))
        {
            if (match.Token is { } token)
            {
                tokens.Add(new Token(token.Id, match.Start, match.End));
            }
            else
            {
                var section = new AlignedText(wellFormed.AsMemory(match.Start, match.End - match.Start), match.Start);
                _encoder.Encode(section, special, tokens);
            }
        }

        if (_postProcessor.OffsetTrims.Count > 0)
        {
            OffsetTrimmer.Trim(tokens, wellFormed, _postProcessor.OffsetTrims, id => _addedTokens.Find(id) is null ? _vocabulary.PieceOf(id) : null);
        }

        return tokens;
    }

    /// <summary>Encodes a text and adds what the tokenizer's post-processor adds: T5's <c>&lt;/s&gt;</c>, LLaMA's <c>&lt;s&gt;</c>.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="recogniseSpecialTokens">As for <see cref="Encode(string, bool)"/>.</param>
    /// <returns>The ids in order.</returns>
    public IReadOnlyList<int> EncodeWithSpecialTokens(string text, bool recogniseSpecialTokens = false) =>
        [.. _postProcessor.Before, .. Encode(text, recogniseSpecialTokens).Select(token => token.Id), .. _postProcessor.After];

    /// <inheritdoc/>
    /// <remarks>An id that has no token (the embedding may have more rows than the vocabulary) stands for nothing.</remarks>
    public string Decode(IReadOnlyList<int> ids) => Decode(ids, keepSpecialTokens: false);

    /// <summary>Decodes ids to text.</summary>
    /// <param name="ids">Ids; one that has no token stands for nothing.</param>
    /// <param name="keepSpecialTokens">Whether special tokens appear as they are spelt.</param>
    /// <returns>The text.</returns>
    public string Decode(IReadOnlyList<int> ids, bool keepSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _decoder.Decode(ids, keepSpecialTokens);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The id has no token.</exception>
    public string Piece(int id) => _addedTokens.Find(id)?.Content ?? _vocabulary.PieceOf(id)
        ?? throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary of {VocabularySize} ids has no such token.");

    /// <summary>The id of a token by its spelling in the vocabulary, special tokens included: the way to special tokens that never goes through text.</summary>
    /// <param name="piece">A piece such as <c>&lt;|im_end|&gt;</c>.</param>
    /// <returns>Its id, or null where there is no such token.</returns>
    public int? IdOf(string piece) => _addedTokens.Find(piece)?.Id ?? _vocabulary.Find(piece);

    /// <summary>Whether an id is a special token: left out of decoded text, never read from untrusted text.</summary>
    /// <param name="id">Any id.</param>
    /// <returns>True for a special token.</returns>
    public bool IsSpecial(int id) => _addedTokens.Find(id) is { IsSpecial: true };

    /// <summary>The spelling of an id.</summary>
    /// <param name="id">Any id.</param>
    /// <returns>Null where it has no token.</returns>
    internal string? FindPiece(int id) => _addedTokens.Find(id)?.Content ?? _vocabulary.PieceOf(id);

    /// <summary>The added token of an id: one that is cut out of the text before the model sees it.</summary>
    /// <param name="id">Any id.</param>
    /// <returns>Null where it has none.</returns>
    internal AddedToken? FindAdded(int id) => _addedTokens.Find(id);

    private static string WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    i++;
                    continue;
                }

                return ReplaceLoneSurrogates(text);
            }
        }

        return text;
    }

    private static string ReplaceLoneSurrogates(string text) => string.Create(text.Length, text, (units, original) =>
    {
        for (var i = 0; i < original.Length; i++)
        {
            units[i] = original[i];
            if (!char.IsSurrogate(original[i]))
            {
                continue;
            }

            if (i + 1 < original.Length && char.IsSurrogatePair(original[i], original[i + 1]))
            {
                units[i + 1] = original[i + 1];
                i++;
            }
            else
            {
                units[i] = '\uFFFD';
            }
        }
    });
}

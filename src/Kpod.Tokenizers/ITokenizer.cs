using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers;

/// <summary>Turns text into token ids, each with its place in the original text, and ids back into text.</summary>
public interface ITokenizer
{
    /// <summary>Number of ids; every id is below it. The model's embedding may have more rows.</summary>
    int VocabularySize { get; }

    /// <summary>The token that begins a sequence, or null where the model uses none.</summary>
    int? BeginId { get; }

    /// <summary>The token that ends a sequence (&lt;/s&gt;, &lt;|im_end|&gt;), or null where the vocabulary has none.</summary>
    int? EndId { get; }

    /// <summary>The token that fills batches up, or null where the vocabulary names none.</summary>
    int? PadId { get; }

    /// <summary>The token for what the vocabulary cannot spell, or null where everything can be spelt.</summary>
    int? UnknownId { get; }

    /// <summary>Whether the model expects <see cref="BeginId"/> in front of every sequence.</summary>
    bool AddsBegin { get; }

    /// <summary>Encodes a text; adds no begin or end token.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="recogniseSpecialTokens">
    /// Whether special tokens that are written out in the text become their ids. False for all data: a user's text is never read as control tokens.
    /// </param>
    /// <returns>The tokens in order; starts never go backwards.</returns>
    IReadOnlyList<Token> Encode(string text, bool recogniseSpecialTokens = false);

    /// <summary>Decodes ids to text; special tokens are left out.</summary>
    /// <param name="ids">Ids of this vocabulary.</param>
    /// <returns>The text.</returns>
    string Decode(IReadOnlyList<int> ids);

    /// <summary>The vocabulary's own spelling of an id, such as <c>Ġthe</c> or <c>▁the</c>.</summary>
    /// <param name="id">An id of this vocabulary.</param>
    /// <returns>The stored piece.</returns>
    string Piece(int id);
}

using Kpod.Tokenizers.Normalization;

namespace Kpod.Tokenizers.Tokens;

/// <summary>The added tokens of a tokenizer.</summary>
internal sealed class AddedTokenSet
{
    private readonly Dictionary<int, AddedToken> _byId;
    private readonly Dictionary<string, AddedToken> _byContent;
    private readonly Dictionary<int, string> _spellings;

    /// <summary>Makes the set.</summary>
    /// <param name="tokens">The tokens; ids and contents are unique.</param>
    /// <param name="normalizer">The tokenizer's normalizer, or null.</param>
    public AddedTokenSet(IReadOnlyCollection<AddedToken> tokens, INormalizer? normalizer)
    {
        _byId = tokens.ToDictionary(token => token.Id);
        _byContent = tokens.ToDictionary(token => token.Content, StringComparer.Ordinal);
        _spellings = tokens.ToDictionary(token => token.Id, token => token.IsNormalized ? NormalizedContent(token, normalizer) : token.Content);
        InOriginal = new AddedTokenMatcher(tokens.Where(token => !token.IsNormalized).Select(token => (token.Content, token)));
        InNormalized = new AddedTokenMatcher(tokens.Where(token => token.IsNormalized).Select(token => (_spellings[token.Id], token)));
        Size = tokens.Count == 0 ? 0 : tokens.Max(token => token.Id) + 1;
    }

    /// <summary>Finds tokens in the text as it was given.</summary>
    public AddedTokenMatcher InOriginal { get; }

    /// <summary>Finds the other tokens in the normalized text.</summary>
    public AddedTokenMatcher InNormalized { get; }

    /// <summary>One more than the largest id.</summary>
    public int Size { get; }

    /// <summary>The tokens.</summary>
    public IReadOnlyCollection<AddedToken> Tokens => _byId.Values;

    /// <summary>The token of an id.</summary>
    /// <param name="id">Any id.</param>
    /// <returns>The added token, or null where the id belongs to none.</returns>
    public AddedToken? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>The token with a text.</summary>
    /// <param name="content">A text.</param>
    /// <returns>The added token, or null where there is none.</returns>
    public AddedToken? Find(string content) => _byContent.GetValueOrDefault(content);

    /// <summary>How a token is spelt before decoding: one that is looked for in the normalized text is spelt as there.</summary>
    /// <param name="id">Any id.</param>
    /// <param name="isLeftOut">Whether it is left out of text without special tokens. A normalized spelling that is no special token's own text is not: a
    /// slip of the reference.</param>
    /// <returns>The spelling, or null where the id belongs to no added token.</returns>
    public string? SpellingOf(int id, out bool isLeftOut)
    {
        var spelling = _spellings.GetValueOrDefault(id);
        isLeftOut = spelling is not null && _byContent.GetValueOrDefault(spelling) is { IsSpecial: true };
        return spelling;
    }

    private static string NormalizedContent(AddedToken token, INormalizer? normalizer) =>
        normalizer is null ? token.Content : normalizer.Normalize(new AlignedText(token.Content.AsMemory(), 0)).Characters.ToString();
}

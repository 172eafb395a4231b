using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.Json;

/// <summary>Reads the key <c>added_tokens</c>.</summary>
internal static class AddedTokenReader
{
    /// <summary>Reads the added tokens.</summary>
    /// <param name="value">The value; null: none.</param>
    /// <param name="vocabulary">The model's pieces.</param>
    /// <returns>The tokens.</returns>
    /// <exception cref="KpodException">An id or a text stands twice, or contradicts the model's vocabulary.</exception>
    public static List<AddedToken> Read(LocatedJson value, Vocabulary vocabulary)
    {
        var tokens = new List<AddedToken>();
        var contents = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var item in value.IsNull ? [] : value.Items())
        {
            var token = ReadOne(item, item["id"].AsInteger());
            if (token.Id is < 0 or >= Vocabulary.IdLimit)
            {
                throw item["id"].Wrong($"an id from 0 to {Vocabulary.IdLimit - 1}");
            }

            if (!contents.Add(token.Content) || !ids.Add(token.Id))
            {
                throw new KpodException($"{item.Place}: the token \"{token.Content}\" with id {token.Id} repeats a text or an id of another added token.");
            }

            var inModel = vocabulary.Find(token.Content) ?? token.Id;
            if (inModel != token.Id || (vocabulary.PieceOf(token.Id) is { } piece && piece != token.Content))
            {
                throw new KpodException(
                    $"{item.Place}: the added token \"{token.Content}\" has id {token.Id}; "
                    + $"in model.vocab its id is {inModel}, and {token.Id} is \"{vocabulary.PieceOf(token.Id)}\".");
            }

            tokens.Add(token);
        }

        return tokens;
    }

    /// <summary>Reads one token with its properties.</summary>
    /// <param name="item">The token's object.</param>
    /// <param name="id">Its id.</param>
    /// <returns>The token.</returns>
    public static AddedToken ReadOne(LocatedJson item, int id)
    {
        var content = item["content"].AsString();
        return new AddedToken(id, content.Length > 0 ? content : throw item["content"].Wrong("a text of at least one character"))
        {
            IsSpecial = item["special"].AsBoolean(absent: false),
            StripsLeft = item["lstrip"].AsBoolean(absent: false),
            StripsRight = item["rstrip"].AsBoolean(absent: false),
            IsSingleWord = item["single_word"].AsBoolean(absent: false),
            IsNormalized = item["normalized"].AsBoolean(absent: !item["special"].AsBoolean(absent: false)),
        };
    }
}

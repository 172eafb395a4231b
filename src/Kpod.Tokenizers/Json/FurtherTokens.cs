using System.Globalization;
using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.Json;

/// <summary>
/// Reads the added tokens that stand in a file beside <c>tokenizer.json</c> only: <c>added_tokens_decoder</c> of <c>tokenizer_config.json</c>, and the older <c>added_tokens.json</c>. transformers adds them
/// when it loads a tokenizer.
/// </summary>
internal static class FurtherTokens
{
    private const string OlderName = "added_tokens.json";

    /// <summary>Adds them to the tokens of <c>tokenizer.json</c>.</summary>
    /// <param name="tokens">The tokens so far; the new ones are appended.</param>
    /// <param name="folder">Where the files are.</param>
    /// <param name="names">Which tokens are special.</param>
    /// <param name="vocabulary">The model's pieces.</param>
    /// <exception cref="KpodException">A file contradicts the tokenizer.</exception>
    public static void Add(List<AddedToken> tokens, string folder, SpecialTokenNames names, Vocabulary vocabulary)
    {
        var byContent = tokens.ToDictionary(token => token.Content, StringComparer.Ordinal);
        foreach (var (token, place) in Stated(folder, names).OrderBy(item => item.Token.Id))
        {
            var known = byContent.TryGetValue(token.Content, out var added) ? added.Id : vocabulary.Find(token.Content);
            var holder = vocabulary.PieceOf(token.Id) ?? byContent.Values.FirstOrDefault(other => other.Id == token.Id)?.Content;
            if ((known ?? token.Id) != token.Id || (holder ?? token.Content) != token.Content)
            {
                throw new KpodException(
                    $"{place.TrimEnd(':')}: the token \"{token.Content}\" has id {token.Id}, but in {Files.TokenizerFile.JsonName} {(known is { } id && id != token.Id ? $"its id is {id}" : $"{token.Id} is \"{holder}\"")}; the files belong to different tokenizers.");
            }

            if (added is null)
            {
                byContent.Add(token.Content, token);
                tokens.Add(token);
            }
        }
    }

    private static IEnumerable<(AddedToken Token, string Place)> Stated(string folder, SpecialTokenNames names)
    {
        var configuration = Path.Combine(folder, SpecialTokenNames.ConfigName);
        var decoder = File.Exists(configuration) ? LocatedJson.ReadFile(configuration)["added_tokens_decoder"] : default;
        if (!decoder.IsNull)
        {
            return decoder.Members().Select(member => (AddedTokenReader.ReadOne(member.Value, IdOf(member.Key, decoder)), decoder.Place));
        }

        // As in transformers, the older file counts only where the newer key is missing.
        var older = Path.Combine(folder, OlderName);
        return File.Exists(older) ? LocatedJson.ReadFile(older).Members().Select(member => (Older(member.Key, member.Value, names), member.Value.Place)) : [];
    }

    private static AddedToken Older(string content, LocatedJson id, SpecialTokenNames names)
    {
        var isSpecial = names.Named.Values.Contains(content) || names.Additional.Contains(content);
        var number = id.AsInteger();
        return number is >= 0 and < Vocabulary.IdLimit && content.Length > 0
            ? new AddedToken(number, content) { IsSpecial = isSpecial, IsNormalized = !isSpecial }
            : throw id.Wrong($"an id from 0 to {Vocabulary.IdLimit - 1} of a token with a text");
    }

    private static int IdOf(string key, LocatedJson place) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < Vocabulary.IdLimit ? id
            : throw place.Wrong($"an object whose keys are ids from 0 to {Vocabulary.IdLimit - 1} (\"{key}\" is none)");
}

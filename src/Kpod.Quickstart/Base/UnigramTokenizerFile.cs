using System.Text.Json.Nodes;
using Kpod.Tokenizers;

namespace Kpod.Quickstart.Base;

/// <summary>
/// Makes the tokenizer of the T5-shaped base: a Unigram vocabulary in the form of T5's <c>tokenizer.json</c>, with the words and numbers of a corpus and single
/// characters as pieces, scored by the logarithm of their frequency.
/// </summary>
internal static class UnigramTokenizerFile
{
    /// <summary>Fills batches up, and starts the decoder.</summary>
    public const string PadToken = "<pad>";

    /// <summary>Ends a text.</summary>
    public const string EndToken = "</s>";

    /// <summary>What the vocabulary cannot spell.</summary>
    public const string UnknownToken = "<unk>";

    /// <summary>T5's first sentinel: it stands for something left out, which is what a masked rationale token starts from.</summary>
    public const string SentinelToken = "<extra_id_0>";

    /// <summary>Id of <see cref="PadToken"/>.</summary>
    public const int PadId = 0;

    /// <summary>Id of <see cref="EndToken"/>.</summary>
    public const int EndId = 1;

    private const int UnknownId = 2;
    private const char WordStart = '▁';
    private const string Signs = "+-*/=";

    /// <summary>Counts the vocabulary.</summary>
    /// <param name="texts">What to count; single spaces between words.</param>
    /// <param name="vocabularySize">The most tokens; the most frequent words stay.</param>
    /// <returns>The content of <c>tokenizer.json</c>.</returns>
    public static JsonObject Make(IEnumerable<string> texts, int vocabularySize)
    {
        var pieces = Count(texts, vocabularySize - UnknownId - 2);
        var vocabulary = new JsonArray(Piece(PadToken, 0), Piece(EndToken, 0), Piece(UnknownToken, 0));
        foreach (var (piece, score) in pieces)
        {
            vocabulary.Add(Piece(piece, score));
        }

        vocabulary.Add(Piece(SentinelToken, 0));
        string[] specials = [PadToken, EndToken, UnknownToken];
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(
                [.. specials.Select((token, id) => TokenizerJson.AddedToken(id, token)), TokenizerJson.AddedToken(vocabulary.Count - 1, SentinelToken)]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(new JsonObject { ["type"] = "WhitespaceSplit" }, Metaspace()),
            },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(Sequence("A"), SpecialEnd()),
                ["pair"] = new JsonArray(Sequence("A"), SpecialEnd(), Sequence("B"), SpecialEnd()),
                ["special_tokens"] = new JsonObject
                {
                    [EndToken] = new JsonObject { ["id"] = EndToken, ["ids"] = new JsonArray(EndId), ["tokens"] = new JsonArray(EndToken) },
                },
            },
            ["decoder"] = Metaspace(),
            ["model"] = new JsonObject { ["type"] = "Unigram", ["unk_id"] = UnknownId, ["vocab"] = vocabulary, ["byte_fallback"] = false },
        };
    }

    /// <summary>The settings beside it.</summary>
    /// <param name="maximumLength">The longest sequence that is meant, in tokens.</param>
    /// <returns>The content of <c>tokenizer_config.json</c>.</returns>
    public static JsonObject MakeSettings(int maximumLength) => new()
    {
        ["additional_special_tokens"] = new JsonArray(SentinelToken),
        ["clean_up_tokenization_spaces"] = false,
        ["eos_token"] = EndToken,
        ["extra_ids"] = 1,
        ["model_max_length"] = maximumLength,
        ["pad_token"] = PadToken,
        ["tokenizer_class"] = "T5TokenizerFast",
        ["unk_token"] = UnknownToken,
    };

    /// <summary>Groups of tokens that mean alike: the numbers, and the signs.</summary>
    /// <param name="tokenizer">A tokenizer of <see cref="Make"/>.</param>
    /// <returns>Ids, ascending.</returns>
    public static IReadOnlyList<int[]> AlikeTokens(ITokenizer tokenizer)
    {
        int[] Those(Func<string, bool> isOne) =>
            [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => tokenizer.Piece(id) is [WordStart, .. var word] && word.Length > 0 && isOne(word))];
        return [Those(word => word.All(char.IsAsciiDigit)), Those(word => word.Length == 1 && Signs.Contains(word[0], StringComparison.Ordinal))];
    }

    private static List<(string Piece, double Score)> Count(IEnumerable<string> texts, int most)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        void Add(string piece, long count) => counts[piece] = counts.GetValueOrDefault(piece) + count;
        foreach (var text in texts)
        {
            foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                // A word or a number is a piece without the marks behind it; a sign that stands alone is one too.
                var core = word.TrimEnd([.. word.Where(character => !char.IsAsciiLetterOrDigit(character))]);
                if ((core.Length > 1 && core.All(char.IsAsciiLetter)) || (core.Length > 0 && core.All(char.IsAsciiDigit)))
                {
                    Add(WordStart + core, 1);
                }
                else if (word.Length == 1 && Signs.Contains(word[0], StringComparison.Ordinal))
                {
                    Add(WordStart + word, 1);
                }

                Add(WordStart.ToString(), 1);
                foreach (var character in word)
                {
                    Add(character.ToString(), 1);
                }
            }
        }

        // Every printable ASCII character can be spelt, whether it occurs or not.
        foreach (var character in Enumerable.Range('!', '~' - '!' + 1))
        {
            Add(((char)character).ToString(), 1);
        }

        var total = Math.Log(counts.Values.Sum());
        return [.. counts.OrderByDescending(pair => pair.Key.Length == 1).ThenByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(most).Select(pair => (pair.Key, Math.Log(pair.Value) - total))];
    }

    private static JsonArray Piece(string piece, double score) => [piece, score];

    private static JsonObject Metaspace() => new() { ["type"] = "Metaspace", ["replacement"] = WordStart.ToString(), ["prepend_scheme"] = "always", ["split"] = true };

    private static JsonObject Sequence(string id) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = 0 } };

    private static JsonObject SpecialEnd() => new() { ["SpecialToken"] = new JsonObject { ["id"] = EndToken, ["type_id"] = 0 } };
}

using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.Json;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Says a <c>tokenizer.json</c> of T5's form (Unigram behind a precompiled character map) in the keys of a GGUF file (model "t5").</summary>
internal static class UnigramToGguf
{
    private const string Prefix = GgufTokenizer.Prefix;

    /// <summary>Makes the keys of the vocabulary.</summary>
    /// <param name="root">The file.</param>
    /// <param name="tokenizer">The tokenizer that was read from it.</param>
    /// <param name="rows">Rows of the model's embedding.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="KpodException">A part is none of T5's, so that the keys cannot say it.</exception>
    public static IEnumerable<KeyValuePair<string, object>> Convert(LocatedJson root, Tokenizer tokenizer, int rows)
    {
        var model = root["model"];
        if (model["byte_fallback"].AsBoolean(absent: false))
        {
            throw model["byte_fallback"].NotImplemented("in GGUF a Unigram model with byte_fallback", "Unigram models without it");
        }

        RequireSplit(root["pre_tokenizer"]);
        var scores = model["vocab"].Items().Select(entry => (float)entry.Items().Last().AsScore()).ToArray();
        var tokens = new GgufTokenList(rows);
        for (var id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.FindPiece(id) is { } piece)
            {
                var type = id == tokenizer.UnknownId ? PieceType.Unknown
                    : tokenizer.FindAdded(id) is not { } added ? PieceType.Normal
                    : added.IsSpecial ? PieceType.Control
                    : PieceType.UserDefined;
                tokens.Set(id, piece, type, id < scores.Length ? scores[id] : 0);
            }
        }

        return
        [
            new(Prefix + "model", "t5"),
            new(Prefix + "pre", "default"),
            .. tokens.Keys(withScores: true),
            new(Prefix + "add_space_prefix", true),
            new(Prefix + "remove_extra_whitespaces", true),
            new(Prefix + "precompiled_charsmap", CharacterMap(root["normalizer"])),
        ];
    }

    // Without the map, line ends and tabs would be unknown characters to a reader of the file, where WhitespaceSplit cuts at them.
    private static byte[] CharacterMap(LocatedJson normalizer)
    {
        if (normalizer.IsNull || normalizer.Kind() != "Precompiled" || normalizer["precompiled_charsmap"].IsNull)
        {
            throw normalizer.NotImplemented($"in GGUF a Unigram model behind the normalizer {(normalizer.IsNull ? "none" : normalizer.Kind())}", "those behind Precompiled, as T5's");
        }

        return System.Convert.FromBase64String(normalizer["precompiled_charsmap"].AsString());
    }

    private static void RequireSplit(LocatedJson value)
    {
        var steps = value.IsNull ? [] : value.Kind() == "Sequence" ? value["pretokenizers"].Items().ToArray() : [value];
        if (steps is not [var words, var mark] || words.Kind() != "WhitespaceSplit" || mark.Kind() != "Metaspace"
            || (!mark["prepend_scheme"].IsNull && mark["prepend_scheme"].AsString() != "always") || mark["replacement"].AsString() != "▁")
        {
            throw value.NotImplemented($"in GGUF a Unigram model that cuts text by {string.Join(", ", steps.Select(step => step.Kind()))}", "WhitespaceSplit with Metaspace, as T5's");
        }
    }
}

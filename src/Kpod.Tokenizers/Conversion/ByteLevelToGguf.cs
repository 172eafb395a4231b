using Kpod.Tokenizers.ByteLevel;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.Json;
using Kpod.Tokenizers.PreTokenizers;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Says a byte-level BPE tokenizer (model "gpt2") in the keys of a GGUF file. GGUF names the way of cutting text, so only the named ways can be said.</summary>
internal static class ByteLevelToGguf
{
    private const string Prefix = GgufTokenizer.Prefix;

    /// <summary>Whether a <c>tokenizer.json</c> holds a byte-level BPE.</summary>
    /// <param name="root">The file.</param>
    /// <returns>True if its last pre-tokenizer is ByteLevel.</returns>
    public static bool IsByteLevel(LocatedJson root) => Steps(root["pre_tokenizer"]).LastOrDefault() is { Element.ValueKind: not System.Text.Json.JsonValueKind.Undefined } last && last.Kind() == "ByteLevel";

    /// <summary>Makes the keys of the vocabulary.</summary>
    /// <param name="root">The file <c>tokenizer.json</c>.</param>
    /// <param name="tokenizer">The tokenizer that was read from it.</param>
    /// <param name="rows">Rows of the model's embedding.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="KpodException">A part has no name in GGUF.</exception>
    public static IEnumerable<KeyValuePair<string, object>> Convert(LocatedJson root, Tokenizer tokenizer, int rows)
    {
        var model = root["model"];
        var pre = NameOfSplit(root, model["ignore_merges"].AsBoolean(absent: false));
        if (!model["unk_token"].IsNull && Enumerable.Range(0, 256).Any(value => tokenizer.IdOf(ByteLevelBpeTokenizer.ByteSymbols[value]) is null))
        {
            throw model["unk_token"].NotImplemented("an unknown token for bytes that the vocabulary lacks", "in GGUF vocabularies that drop such bytes");
        }

        var tokens = new GgufTokenList(rows);
        for (var id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.FindPiece(id) is { } piece)
            {
                var added = tokenizer.FindAdded(id);
                if (added is { StripsLeft: true } or { StripsRight: true } or { IsSingleWord: true })
                {
                    throw new KpodException($"{root["added_tokens"].Place}: the token \"{piece}\" takes white space in (lstrip, rstrip) or matches single words only, which a GGUF file cannot say.");
                }

                tokens.Set(id, piece, added is null ? PieceType.Normal : added.IsSpecial ? PieceType.Control : PieceType.UserDefined);
            }
        }

        return
        [
            new(Prefix + "model", "gpt2"),
            new(Prefix + "pre", pre),
            .. tokens.Keys(withScores: false),
            new(Prefix + "merges", Merges(model["merges"])),
        ];
    }

    private static IEnumerable<LocatedJson> Steps(LocatedJson value) => value.IsNull ? []
        : value.Kind() == "Sequence" ? value["pretokenizers"].Items().SelectMany(Steps)
        : [value];

    private static string NameOfSplit(LocatedJson root, bool wholePieceFirst)
    {
        var normalizer = root["normalizer"];
        var form = normalizer.IsNull ? null : normalizer.Kind();
        var steps = Steps(root["pre_tokenizer"]).Select(Describe).ToArray();
        return (steps, form, wholePieceFirst) switch
        {
            (["ByteLevel"], null, false) => "gpt-2",
            (["Digits", "ByteLevel"], null, false) => "smollm",
            ([SplitPatterns.Llama3, "Bytes"], null, true) => "llama-bpe",
            ([SplitPatterns.Qwen2, "Bytes"], "NFC", false) => "qwen2",
            _ => throw root["pre_tokenizer"].NotImplemented(
                $"in GGUF this way of cutting text ({string.Join(", ", steps)}; normalizer {form ?? "none"}; ignore_merges {(wholePieceFirst ? "true" : "false")})",
                "those of gpt-2, smollm, llama-bpe and qwen2"),
        };
    }

    // Only the settings that the named ways have; any other gives a text that matches none of them.
    private static string Describe(LocatedJson step) => step.Kind() switch
    {
        "ByteLevel" when step["add_prefix_space"].AsBoolean(absent: true) => "ByteLevel with add_prefix_space",
        "ByteLevel" => step["use_regex"].AsBoolean(absent: true) ? "ByteLevel" : "Bytes",
        "Digits" => step["individual_digits"].AsBoolean(absent: false) ? "Digits" : "runs of Digits",
        "Split" => step["pattern"]["Regex"].AsString(),
        var kind => kind,
    };

    private static string[] Merges(LocatedJson merges) =>
    [
        .. merges.Items().Select(merge => merge.Element.ValueKind == System.Text.Json.JsonValueKind.String
            ? merge.AsString()
            : string.Join(' ', merge.Items().Select(part => part.AsString() is var text && !text.Contains(' ', StringComparison.Ordinal) ? text : throw part.Wrong("a piece without a space, as GGUF joins the two with one")))),
    ];
}

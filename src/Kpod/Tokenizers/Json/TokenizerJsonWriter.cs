using System.Text.Json;
using Kpod.Tokenizers.PreTokenizers;

namespace Kpod.Tokenizers.Json;

/// <summary>Writes the parts of a <c>tokenizer.json</c>.</summary>
/// <param name="json">Where they go.</param>
/// <param name="place">The file, for errors.</param>
internal sealed class TokenizerJsonWriter(Utf8JsonWriter json, string place)
{
    /// <summary>Writes <c>added_tokens</c>, in order of id.</summary>
    /// <param name="pieces">All pieces.</param>
    /// <param name="special">Those that are control tokens.</param>
    /// <param name="userDefined">Those that are cut out of the text without being control tokens.</param>
    public void WriteSpecialTokens(IReadOnlyList<string> pieces, IReadOnlyList<string> special, IReadOnlyList<string> userDefined)
    {
        json.WriteStartArray("added_tokens");
        foreach (var (id, content) in special.Concat(userDefined).Distinct().Select(content => (Id: IdOf(pieces, content), content)).OrderBy(token => token.Id))
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", content);
            foreach (var flag in new[] { "single_word", "lstrip", "rstrip", "normalized" })
            {
                json.WriteBoolean(flag, false);
            }

            json.WriteBoolean("special", special.Contains(content));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a part that has nothing but its kind.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="kind">Its kind; null: the part is null.</param>
    public void WriteKind(string key, string? kind)
    {
        json.WritePropertyName(key);
        if (kind is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", kind);
        json.WriteEndObject();
    }

    /// <summary>Writes the pre-tokenizer of a byte-level model.</summary>
    /// <param name="split">How it cuts.</param>
    public void WriteByteLevelCut(ByteLevelSplit split)
    {
        if (split == ByteLevelSplit.Gpt2)
        {
            WriteByteLevel("pre_tokenizer", usesPattern: true);
            return;
        }

        WriteSequence(() =>
        {
            if (split == ByteLevelSplit.DigitsThenGpt2)
            {
                json.WriteStartObject();
                json.WriteString("type", "Digits");
                json.WriteBoolean("individual_digits", true);
                json.WriteEndObject();
            }
            else
            {
                WriteSplit(split == ByteLevelSplit.Llama3 ? SplitPatterns.Llama3 : SplitPatterns.Qwen2);
            }

            WriteByteLevel(null, usesPattern: split == ByteLevelSplit.DigitsThenGpt2);
        });
    }

    /// <summary>Writes a <c>ByteLevel</c> part.</summary>
    /// <param name="key">Its key; null: it is a member of a list.</param>
    /// <param name="usesPattern">Whether it cuts by GPT-2's expression.</param>
    public void WriteByteLevel(string? key, bool usesPattern)
    {
        WriteStart(key, "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", usesPattern);
        json.WriteEndObject();
    }

    /// <summary>Writes the pre-tokenizer of T5: words, each with ▁ in front.</summary>
    public void WriteWordCut() => WriteSequence(() =>
    {
        WriteStart(null, "WhitespaceSplit");
        json.WriteEndObject();
        WriteMetaspace(null);
    });

    /// <summary>Writes a <c>Metaspace</c> part.</summary>
    /// <param name="key">Its key; null: it is a member of a list.</param>
    public void WriteMetaspace(string? key)
    {
        WriteStart(key, "Metaspace");
        json.WriteString("replacement", "▁");
        json.WriteString("prepend_scheme", "always");
        json.WriteBoolean("split", true);
        json.WriteEndObject();
    }

    /// <summary>Writes the post-processor that puts tokens around a text; null where there are none.</summary>
    /// <param name="pieces">All pieces.</param>
    /// <param name="before">The token in front, or null.</param>
    /// <param name="after">The token behind, or null.</param>
    public void WriteTemplate(IReadOnlyList<string> pieces, string? before, string? after)
    {
        if (before is null && after is null)
        {
            WriteKind("post_processor", null);
            return;
        }

        WriteStart("post_processor", "TemplateProcessing");
        WriteTemplateSide("single", ["A"], before, after);
        WriteTemplateSide("pair", ["A", "B"], before, after);
        json.WriteStartObject("special_tokens");
        foreach (var token in new[] { before, after }.OfType<string>().Distinct())
        {
            json.WriteStartObject(token);
            json.WriteString("id", token);
            json.WriteStartArray("ids");
            json.WriteNumberValue(IdOf(pieces, token));
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            json.WriteStringValue(token);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the model of a byte-level BPE.</summary>
    /// <param name="pieces">The pieces in order of id.</param>
    /// <param name="merges">The merges in order of rank.</param>
    /// <param name="wholePieceFirst">Whether a piece in the vocabulary is taken whole.</param>
    public void WriteBpe(IReadOnlyList<string> pieces, IReadOnlyList<(string Left, string Right)> merges, bool wholePieceFirst)
    {
        WriteStart("model", "BPE");
        foreach (var key in new[] { "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix" })
        {
            json.WriteNull(key);
        }

        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", wholePieceFirst);
        json.WriteStartObject("vocab");
        for (var id = 0; id < pieces.Count; id++)
        {
            json.WriteNumber(pieces[id], id);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in merges)
        {
            json.WriteStringValue($"{left} {right}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the model of a Unigram tokenizer.</summary>
    /// <param name="pieces">The pieces in order of id.</param>
    /// <param name="unknown">The piece for what no other covers.</param>
    public void WriteUnigram(IReadOnlyList<ScoredPiece> pieces, string unknown)
    {
        WriteStart("model", "Unigram");
        json.WriteNumber("unk_id", IdOf([.. pieces.Select(piece => piece.Piece)], unknown));
        json.WriteStartArray("vocab");
        foreach (var (piece, score) in pieces)
        {
            json.WriteStartArray();
            json.WriteStringValue(piece);
            json.WriteNumberValue(score);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteBoolean("byte_fallback", false);
        json.WriteEndObject();
    }

    private void WriteSequence(Action writeParts)
    {
        WriteStart("pre_tokenizer", "Sequence");
        json.WriteStartArray("pretokenizers");
        writeParts();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteSplit(string pattern)
    {
        WriteStart(null, "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", pattern);
        json.WriteEndObject();
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", false);
        json.WriteEndObject();
    }

    private void WriteTemplateSide(string key, string[] sequences, string? before, string? after)
    {
        json.WriteStartArray(key);
        foreach (var (sequence, type) in sequences.Select((sequence, type) => (sequence, type)))
        {
            WriteTemplateItem("SpecialToken", before, type);
            WriteTemplateItem("Sequence", sequence, type);
            WriteTemplateItem("SpecialToken", after, type);
        }

        json.WriteEndArray();
    }

    private void WriteTemplateItem(string kind, string? id, int type)
    {
        if (id is null)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("id", id);
        json.WriteNumber("type_id", type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteStart(string? key, string kind)
    {
        if (key is not null)
        {
            json.WritePropertyName(key);
        }

        json.WriteStartObject();
        json.WriteString("type", kind);
    }

    private int IdOf(IReadOnlyList<string> pieces, string content)
    {
        for (var id = 0; id < pieces.Count; id++)
        {
            if (pieces[id] == content)
            {
                return id;
            }
        }

        throw new KpodException($"{place}: the special token \"{content}\" is not among the {pieces.Count} pieces.");
    }
}

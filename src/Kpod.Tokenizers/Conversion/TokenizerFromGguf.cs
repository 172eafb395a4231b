using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.Json;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Says the tokenizer of a GGUF file in the files of a Hugging Face folder. What these files cannot say exactly is refused by name.</summary>
internal static class TokenizerFromGguf
{
    private const string Prefix = GgufTokenizer.Prefix;

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Makes the files.</summary>
    /// <param name="metadata">The file's key-values.</param>
    /// <param name="place">The file, for errors.</param>
    /// <param name="maximumLength">The longest sequence of the model, in tokens; null where it has no bound.</param>
    /// <returns>Names with contents: <c>tokenizer.json</c>, <c>tokenizer_config.json</c> and, for LLaMA's kind, <c>tokenizer.model</c>.</returns>
    /// <exception cref="KpodException">The tokenizer is missing, damaged, or of a kind that the files cannot say; the message names the key.</exception>
    public static IReadOnlyDictionary<string, byte[]> Convert(IReadOnlyDictionary<string, object> metadata, string place, int? maximumLength)
    {
        // Reading it first checks everything that the file says about it.
        var tokenizer = GgufTokenizer.Create(metadata, place);
        var reader = new GgufTokenizerMetadata(metadata, place);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var model = reader.Required<string>(Prefix + "model");
        var root = new JsonObject { ["version"] = "1.0", ["truncation"] = null, ["padding"] = null };
        switch (model)
        {
            case "gpt2":
                GgufToByteLevel.Fill(root, reader, tokenizer, place);
                break;
            case "llama":
                var pieces = GgufPieces.Read(reader);
                GgufToCharacterBpe.Fill(root, pieces, reader, tokenizer, place);
                files["tokenizer.model"] = SentencePieceModelWriter.WriteBpe(pieces, tokenizer, reader.Flag(Prefix + "add_space_prefix") ?? true);
                break;
            default:
                GgufToUnigram.Fill(root, GgufPieces.Read(reader), reader, tokenizer, place);
                break;
        }

        files[TokenizerFile.JsonName] = Bytes(root);
        files[SpecialTokenNames.ConfigName] = Bytes(Settings(tokenizer, reader, maximumLength));
        return files;
    }

    /// <summary>What stands in front of and behind a text, as <c>post_processor</c> says it.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <returns>A template, or null where nothing is added.</returns>
    internal static JsonNode? PostProcessor(Tokenizer tokenizer)
    {
        if (tokenizer.IdsBefore.Count + tokenizer.IdsAfter.Count == 0)
        {
            return null;
        }

        var specials = new JsonObject();
        foreach (var id in tokenizer.IdsBefore.Concat(tokenizer.IdsAfter).Distinct())
        {
            specials[tokenizer.Piece(id)] = new JsonObject { ["id"] = tokenizer.Piece(id), ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(tokenizer.Piece(id)) };
        }

        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray([.. Part(tokenizer, "A", 0)]),
            ["pair"] = new JsonArray([.. Part(tokenizer, "A", 0), .. Part(tokenizer, "B", 1)]),
            ["special_tokens"] = specials,
        };
    }

    /// <summary>An entry of <c>added_tokens</c>.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="content">Its spelling.</param>
    /// <param name="special">Whether it is a control token.</param>
    /// <returns>The entry.</returns>
    internal static JsonObject AddedToken(int id, string content, bool special) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = special,
    };

    private static IEnumerable<JsonNode> Part(Tokenizer tokenizer, string sequence, int type) =>
    [
        .. tokenizer.IdsBefore.Select(id => Special(tokenizer, id, type)),
        new JsonObject { ["Sequence"] = new JsonObject { ["id"] = sequence, ["type_id"] = type } },
        .. tokenizer.IdsAfter.Select(id => Special(tokenizer, id, type)),
    ];

    private static JsonObject Special(Tokenizer tokenizer, int id, int type) => new() { ["SpecialToken"] = new JsonObject { ["id"] = tokenizer.Piece(id), ["type_id"] = type } };

    // The class that takes tokenizer.json as it is: those named after a model rebuild parts of it.
    private static JsonObject Settings(Tokenizer tokenizer, GgufTokenizerMetadata reader, int? maximumLength)
    {
        var settings = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast" };
        foreach (var (key, id) in new[] { ("bos_token", tokenizer.BeginId), ("eos_token", tokenizer.EndId), ("unk_token", tokenizer.UnknownId), ("pad_token", tokenizer.PadId) })
        {
            if (id is { } known)
            {
                settings[key] = tokenizer.Piece(known);
            }
        }

        settings["clean_up_tokenization_spaces"] = false;
        if (maximumLength is { } length)
        {
            settings["model_max_length"] = length;
        }

        if (reader.Optional<string>("tokenizer.chat_template") is { } template)
        {
            settings["chat_template"] = template;
        }

        return settings;
    }

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString(Layout) + "\n");
}

using System.Text;
using System.Text.Json;
using Kpod.Files;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.Json;

namespace Kpod.Tokenizers.ChatTemplates;

/// <summary>Finds the chat template that belongs to a model.</summary>
public static class ChatTemplateFile
{
    private const string JinjaName = "chat_template.jinja";
    private const string Key = "chat_template";
    private const string DefaultName = "default";

    /// <summary>
    /// Finds the template of a model folder: <c>chat_template.jinja</c> goes before the key <c>chat_template</c> of <c>tokenizer_config.json</c>, which holds the
    /// template or a list of named ones, of which <c>default</c> is taken.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The template, or null where there is none.</returns>
    /// <exception cref="KpodException">A file is unsound, or the template is.</exception>
    public static ChatTemplate? FindInFolder(string folder)
    {
        var jinja = Path.Combine(folder, JinjaName);
        var configuration = Path.Combine(folder, SpecialTokenNames.ConfigName);
        var (source, place) = File.Exists(jinja) ? (ReadText(jinja), jinja)
            : File.Exists(configuration) ? (Source(LocatedJson.ReadFile(configuration)[Key]), configuration)
            : (null, folder);
        if (source is null)
        {
            return null;
        }

        var names = SpecialTokenNames.ReadFolder(folder);
        return new ChatTemplate(source, place, names.Named, names.Additional);
    }

    /// <summary>Takes the template out of a GGUF file's metadata.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="tokenizer">The file's tokenizer, which knows the begin and end token.</param>
    /// <param name="place">The file, for errors.</param>
    /// <returns>The template, or null where there is none.</returns>
    /// <exception cref="KpodException">The key holds no text, or the template is unsound.</exception>
    public static ChatTemplate? FindInMetadata(IReadOnlyDictionary<string, object> metadata, ITokenizer tokenizer, string place)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var source = new GgufTokenizerMetadata(metadata, place).Optional<string>("tokenizer.chat_template");
        return source is null ? null : new ChatTemplate(
            source,
            place,
            ChatTemplate.Named(("bos_token", Piece(tokenizer.BeginId)), ("eos_token", Piece(tokenizer.EndId)), ("pad_token", Piece(tokenizer.PadId)), ("unk_token", Piece(tokenizer.UnknownId))),
            []);

        string? Piece(int? id) => id is { } known ? tokenizer.Piece(known) : null;
    }

    private static string? Source(LocatedJson value)
    {
        if (value.IsNull || value.Element.ValueKind != JsonValueKind.Array)
        {
            return value.IsNull ? null : value.AsString();
        }

        var named = value.Items().Select(item => (Name: item["name"].AsString(), Source: item["template"].AsString())).ToList();
        return named.Exists(item => item.Name == DefaultName) ? named.Find(item => item.Name == DefaultName).Source
            : throw new KpodException($"{value.Place}: has the templates {string.Join(", ", named.Select(item => item.Name))} but none named '{DefaultName}'.");
    }

    private static string ReadText(string path)
    {
        var bytes = UserFile.ReadAllBytes(path, 4L << 20);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw new KpodException($"{path}: is not UTF-8.", exception);
        }
    }
}

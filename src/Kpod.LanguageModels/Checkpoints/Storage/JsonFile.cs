using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Kpod.Files;

namespace Kpod.LanguageModels.Checkpoints.Storage;

/// <summary>Reads and writes the JSON files of other programs' checkpoints; a key that stands twice is an error, not a choice.</summary>
internal static class JsonFile
{
    // config.json has a few kilobytes, an index of a thousand shards a few megabytes.
    private const long MaximumBytes = 256L << 20;

    /// <summary>How transformers and PEFT lay their JSON out: two spaces, \n.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a number that other programs hold for a real one: with a fraction even where it is whole, as transformers insists on.</summary>
    /// <param name="writer">Is inside an object.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">A finite number.</param>
    public static void WriteReal(this Utf8JsonWriter writer, string key, double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        writer.WritePropertyName(key);
        writer.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0");
    }

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a document; a byte order mark in front of it is passed over.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The document; the caller disposes of it.</returns>
    /// <exception cref="KpodException">The file is missing, is not UTF-8 or is not JSON; the message names the line.</exception>
    public static JsonDocument Read(string path)
    {
        try
        {
            var bytes = ReadBytes(path);
            return JsonDocument.Parse(HasHalves(bytes.Span) ? Encoding.UTF8.GetBytes(JsonText.MendHalfCharacters(Encoding.UTF8.GetString(bytes.Span))) : bytes, Strict);
        }
        catch (JsonException exception)
        {
            throw new KpodException($"{path}: is not valid JSON ({exception.Message})", exception);
        }
    }

    /// <summary>Reads a document, which must be an object.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The document; the caller disposes of it.</returns>
    /// <exception cref="KpodException">The file is missing, is not UTF-8, is not JSON or holds something else.</exception>
    public static JsonDocument ReadObject(string path)
    {
        var document = Read(path);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw new KpodException($"{path}: must hold a JSON object.");
    }

    /// <summary>Reads the text of a document without looking into it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The text, without a byte order mark.</returns>
    /// <exception cref="KpodException">The file is missing, is far too long or is not UTF-8.</exception>
    public static string ReadText(string path) => Encoding.UTF8.GetString(ReadBytes(path).Span);

    private static bool HasHalves(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    private static ReadOnlyMemory<byte> ReadBytes(string path)
    {
        using var file = new BinaryFile(path);
        if (file.Length > MaximumBytes)
        {
            throw new KpodException($"{path}: is {file.Length} bytes long, far more than such a file has.");
        }

        ReadOnlyMemory<byte> bytes = file.Read(0, (int)file.Length);
        if (bytes.Span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        return Utf8.IsValid(bytes.Span) ? bytes : throw new KpodException($"{path}: is not UTF-8.");
    }
}

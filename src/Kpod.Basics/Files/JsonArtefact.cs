using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kpod.Files;

/// <summary>Reads and writes the JSON and JSON Lines artefacts of a run: camel-case keys, UTF-8, <c>\n</c>, numbers that round-trip.</summary>
public static class JsonArtefact
{
    private static readonly JsonSerializerOptions Lines = Make(indented: false);
    private static readonly JsonSerializerOptions Document = Make(indented: true);

    /// <summary>How a single line is written and read.</summary>
    internal static JsonSerializerOptions LineOptions => Lines;

    /// <summary>Writes a JSON Lines file, one object a line, atomically.</summary>
    /// <typeparam name="T">The record of a line.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="items">The lines in order.</param>
    public static void WriteLines<T>(string path, IEnumerable<T> items) => AtomicFile.Write(path, stream =>
    {
        foreach (var item in items)
        {
            JsonSerializer.Serialize(stream, item, Lines);
            stream.WriteByte((byte)'\n');
        }
    });

    /// <summary>Reads a JSON Lines file; blank lines are passed over.</summary>
    /// <typeparam name="T">The record of a line.</typeparam>
    /// <param name="path">The file.</param>
    /// <returns>The lines in order.</returns>
    /// <exception cref="KpodException">The file is missing, or a line is no such record; the message names file and line.</exception>
    public static IReadOnlyList<T> ReadLines<T>(string path)
    {
        var items = new List<T>();
        var number = 0;
        foreach (var line in ReadTextLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                items.Add(Parse<T>(line, $"{path}, line {number}", Lines));
            }
        }

        return items;
    }

    /// <summary>Writes one JSON document, indented, atomically.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="value">The content.</param>
    public static void Write<T>(string path, T value) => AtomicFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, value, Document);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>Reads one JSON document.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <param name="path">The file.</param>
    /// <returns>The content.</returns>
    /// <exception cref="KpodException">The file is missing or is no such document; the message names it.</exception>
    public static T Read<T>(string path) => Parse<T>(ReadText(path), path, Document);

    /// <summary>One JSON object as text on a single line, with the keys that the artefacts use.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <param name="value">The content.</param>
    /// <returns>JSON without a line end.</returns>
    public static string ToLine<T>(T value) => JsonSerializer.Serialize(value, Lines);

    /// <summary>Reads what <see cref="ToLine"/> wrote.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="line">JSON.</param>
    /// <param name="place">Where it stands, for the message.</param>
    /// <returns>The content.</returns>
    /// <exception cref="KpodException">It is no such JSON.</exception>
    public static T FromLine<T>(string line, string place) => Parse<T>(line, place, Lines);

    /// <summary>Reads a text file of the user's.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="KpodException">The file is missing or cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: cannot be read ({exception.Message})", exception);
        }
    }

    // Lines end at \n only: U+2028 and its like may stand inside a JSON string.
    private static string[] ReadTextLines(string path) => ReadText(path).Split('\n');

    private static T Parse<T>(string json, string place, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, options) ?? throw new KpodException($"{place}: holds null where a record should stand.");
        }
        catch (JsonException exception)
        {
            throw new KpodException($"{place}: {exception.Message}", exception);
        }
    }

    private static JsonSerializerOptions Make(bool indented) => new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        WriteIndented = indented,
        NewLine = "\n",
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { MayLackNulls } },
    };

    // What is null is not written, so it need not be there to be read.
    private static void MayLackNulls(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.AssociatedParameter is { } parameter &&
            (parameter.IsNullable || Nullable.GetUnderlyingType(parameter.ParameterType) is not null)))
        {
            property.IsRequired = false;
        }
    }
}

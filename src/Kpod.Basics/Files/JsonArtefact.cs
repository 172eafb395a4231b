using System.Text;
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

    // A rationale with its log-probabilities has kilobytes, the weights of the longest rationale some megabytes.
    private const int LongestLine = 1 << 28;
    private const long LongestText = 1L << 30;
    private const long LargestInOnePiece = 1L << 26;
    private const int PieceLength = 1 << 14;

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
        foreach (var line in ReadTextLines(path, LongestLine))
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
    public static T Read<T>(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: <= LargestInOnePiece })
        {
            return Parse<T>(ReadText(path), path, Document);
        }

        using var stream = Open(path);
        try
        {
            // From the stream: of a file of another kind no more is read than its first bytes.
            return JsonSerializer.Deserialize<T>(stream, Document) ?? throw Null(path);
        }
        catch (JsonException exception)
        {
            throw new KpodException($"{path}: {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw Unreadable(path, exception);
        }
    }

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
    /// <exception cref="KpodException">The file is missing, cannot be read, or is longer than such a file is.</exception>
    public static string ReadText(string path) => ReadText(path, LongestText);

    /// <summary>Reads a text file of the user's that is known to be short.</summary>
    /// <param name="path">The file.</param>
    /// <param name="largest">The most bytes that such a file has; looked at before it is read.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="KpodException">The file is missing, cannot be read, or is longer.</exception>
    public static string ReadText(string path, long largest)
    {
        try
        {
            FileKind.RefuseUnlessRegular(path);
            return new FileInfo(path) is { Exists: true, Length: var length } && length > largest
                ? throw new KpodException($"{path}: has {length} bytes, more than the {largest} that such a file may have; is it another file?")
                : File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Reads a text file line by line. Lines end at <c>\n</c> only: U+2028 and its like may stand inside a JSON string.</summary>
    /// <param name="path">The file.</param>
    /// <param name="longest">The most characters of a line.</param>
    /// <returns>The lines, read lazily.</returns>
    /// <exception cref="KpodException">The file is missing, cannot be read, or has a longer line.</exception>
    public static IEnumerable<string> ReadTextLines(string path, int longest)
    {
        using var reader = new StreamReader(Open(path), bufferSize: PieceLength);
        var piece = new char[PieceLength];
        var line = new StringBuilder();
        for (var number = 1; Fill(path, reader, piece) is > 0 and var count;)
        {
            for (var start = 0; start < count;)
            {
                var end = Array.IndexOf(piece, '\n', start, count - start);
                line.Append(piece, start, (end < 0 ? count : end) - start);
                if (line.Length > longest)
                {
                    throw new KpodException($"{path}, line {number}: is longer than {longest} characters, which no line of such a file is.");
                }

                start = end < 0 ? count : end + 1;
                if (end >= 0)
                {
                    yield return line.ToString();
                    line.Clear();
                    number++;
                }
            }
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    private static int Fill(string path, StreamReader reader, char[] piece)
    {
        try
        {
            return reader.ReadBlock(piece);
        }
        catch (IOException exception)
        {
            throw Unreadable(path, exception);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            FileKind.RefuseUnlessRegular(path);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    private static KpodException Unreadable(string path, Exception exception) => new($"{path}: cannot be read ({exception.Message})", exception);

    private static KpodException Null(string place) => new($"{place}: holds null where a record should stand.");

    private static T Parse<T>(string json, string place, JsonSerializerOptions options)
    {
        try
        {
            RefuseNullsInLists(json, place);
            return JsonSerializer.Deserialize<T>(json, options) ?? throw Null(place);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new KpodException($"{place}: {exception.Message}", exception);
        }
    }

    // No artefact has a null in a list, and the serializer lets one pass where a record should stand.
    private static void RefuseNullsInLists(string json, string place)
    {
        if (!json.Contains("null", StringComparison.Ordinal))
        {
            return;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        var lists = new Stack<bool>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    lists.Push(reader.TokenType == JsonTokenType.StartArray);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    lists.Pop();
                    break;
                case JsonTokenType.Null when lists.TryPeek(out var isList) && isList:
                    throw new KpodException($"{place}: holds null in a list, where a record or number should stand; it was changed by hand or cut. Let it be made anew.");
            }
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

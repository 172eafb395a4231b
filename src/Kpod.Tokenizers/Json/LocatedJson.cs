using System.Text.Json;
using Kpod.Files;

namespace Kpod.Tokenizers.Json;

/// <summary>A value of a JSON file that knows where it stands, so that a fault can be named.</summary>
/// <param name="Element">The value.</param>
/// <param name="Place">File and key, such as <c>tokenizer.json: model.vocab</c>.</param>
internal readonly record struct LocatedJson(JsonElement Element, string Place)
{
    private const long LargestFile = 256L << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its root, an object.</returns>
    /// <exception cref="KpodException">It cannot be read, is absurdly large, or is no JSON object.</exception>
    public static LocatedJson ReadFile(string path) => Parse(UserFile.ReadAllBytes(path, LargestFile), path);

    /// <summary>Reads the content of a file.</summary>
    /// <param name="content">UTF-8.</param>
    /// <param name="path">The file, for errors.</param>
    /// <returns>Its root, an object.</returns>
    /// <exception cref="KpodException">It is no JSON object.</exception>
    public static LocatedJson Parse(byte[] content, string path)
    {
        try
        {
            var start = content.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
            var root = JsonDocument.Parse(content.AsMemory(start)).RootElement;
            var value = new LocatedJson(root, path + ":");
            return root.ValueKind == JsonValueKind.Object ? value : throw value.Wrong("a JSON object");
        }
        catch (JsonException exception)
        {
            throw new KpodException($"{path}: no valid JSON ({exception.Message})", exception);
        }
    }

    /// <summary>Whether the value is null.</summary>
    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>The value of a key; null where the key is missing.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value with its place.</returns>
    public LocatedJson this[string key] => Element.ValueKind == JsonValueKind.Object
        ? new LocatedJson(Element.TryGetProperty(key, out var value) ? value : default, Place.EndsWith(':') ? $"{Place} {key}" : $"{Place}.{key}")
        : throw Wrong("an object");

    /// <summary>The value as a string.</summary>
    /// <returns>The string.</returns>
    public string AsString()
    {
        try
        {
            return Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Wrong("a string");
        }
        catch (InvalidOperationException exception)
        {
            throw new KpodException($"{Place}: the string holds half of a surrogate pair.", exception);
        }
    }

    /// <summary>The value as a whole number.</summary>
    /// <returns>The number.</returns>
    public int AsInteger() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var number) ? number : throw Wrong("a whole number");

    /// <summary>The value as a score (<see cref="JsonScore"/>).</summary>
    /// <returns>A finite number.</returns>
    public double AsScore() =>
        Element.ValueKind == JsonValueKind.Number && JsonScore.Parse(Element.GetRawText()) is var score && double.IsFinite(score) ? score
            : throw Wrong("a finite number");

    /// <summary>The value as true or false.</summary>
    /// <param name="absent">What a missing or null value means.</param>
    /// <returns>The value.</returns>
    public bool AsBoolean(bool absent) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => absent,
        _ => throw Wrong("true or false"),
    };

    /// <summary>The members of an array.</summary>
    /// <returns>Each with its place.</returns>
    public IEnumerable<LocatedJson> Items()
    {
        var place = Place;
        return Element.ValueKind == JsonValueKind.Array
            ? Element.EnumerateArray().Select((item, index) => new LocatedJson(item, $"{place}[{index}]"))
            : throw Wrong("an array");
    }

    /// <summary>The members of an object.</summary>
    /// <returns>Each key with its value, in the order of the file; a key that stands twice comes twice.</returns>
    public IEnumerable<(string Key, LocatedJson Value)> Members()
    {
        var place = Place;
        return Element.ValueKind == JsonValueKind.Object
            ? Element.EnumerateObject().Select(member => (NameOf(member, place), new LocatedJson(member.Value, place)))
            : throw Wrong("an object");
    }

    private static string NameOf(JsonProperty member, string place)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw new KpodException($"{place}: a key holds half of a surrogate pair.", exception);
        }
    }

    /// <summary>The kind of a part, its key <c>type</c>.</summary>
    /// <returns>The kind.</returns>
    public string Kind() => this["type"].AsString();

    /// <summary>The fault that a value is of the wrong type.</summary>
    /// <param name="wanted">What should stand there.</param>
    /// <returns>The fault.</returns>
    public KpodException Wrong(string wanted) => new($"{Place}: must be {wanted}, is {Shown()}.");

    /// <summary>The fault that a part is not implemented.</summary>
    /// <param name="what">The part, such as "the normalizer BertNormalizer".</param>
    /// <param name="known">What is implemented.</param>
    /// <returns>The fault.</returns>
    public KpodException NotImplemented(string what, string known) => new($"{Place}: {what} is not implemented; implemented are {known}.");

    private string Shown() => Element.ValueKind switch
    {
        JsonValueKind.Undefined => "missing",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ when Element.GetRawText() is { Length: > 60 } text => text[..60] + "...",
        _ => Element.GetRawText(),
    };
}

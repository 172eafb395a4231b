using System.Globalization;
using System.Text.Json;

namespace Kpod.LanguageModels;

/// <summary>Reads typed values out of a <c>config.json</c> and collects every fault, so that all are reported at once.</summary>
internal sealed class ConfigurationReader
{
    private readonly JsonElement _object;
    private readonly string _file;
    private readonly string _prefix;
    private readonly List<string> _faults;

    /// <summary>Reads a whole file.</summary>
    /// <param name="root">Its JSON object.</param>
    /// <param name="file">Its name for messages.</param>
    public ConfigurationReader(JsonElement root, string file)
        : this(root, file, string.Empty, [])
    {
    }

    private ConfigurationReader(JsonElement root, string file, string prefix, List<string> faults)
    {
        _object = root;
        _file = file;
        _prefix = prefix;
        _faults = faults;
    }

    /// <summary>Parses the text of a file to a JSON object.</summary>
    /// <param name="json">The text.</param>
    /// <param name="file">The file's name for messages.</param>
    /// <returns>The document; the caller disposes of it.</returns>
    /// <exception cref="KpodException">It is no JSON object.</exception>
    public static JsonDocument Open(string json, string file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException exception)
        {
            throw new KpodException($"{file}, line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}: this is no JSON. Fetch the file again.", exception);
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            var kind = document.RootElement.ValueKind;
            document.Dispose();
            throw new KpodException($"{file}: a model's configuration is a JSON object, but this is {kind}. Fetch the file again.");
        }

        return document;
    }

    /// <summary>Notes a fault.</summary>
    /// <param name="text">Key, value, limit and mend.</param>
    public void Fault(string text) => _faults.Add(text);

    /// <summary>Ends the reading.</summary>
    /// <exception cref="KpodException">There were faults; the message lists them all.</exception>
    public void ThrowIfFaulty()
    {
        if (_faults.Count > 0)
        {
            throw KpodException.FromFaults(_file, _faults);
        }
    }

    /// <summary>Whether a key stands in the file with a value other than null.</summary>
    /// <param name="key">The key.</param>
    /// <returns>True if it does.</returns>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether a key stands in the file with the value null.</summary>
    /// <param name="key">The key.</param>
    /// <returns>True if it does.</returns>
    public bool IsNull(string key) => _object.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>A whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">Its value where the key is missing or null; null makes the key required.</param>
    /// <param name="maximum">The largest value that is believed; the smallest is 1.</param>
    /// <returns>The value, or 1 after a fault.</returns>
    public int Integer(string key, int? fallback, int maximum)
    {
        if (Find(key) is not { } value)
        {
            return fallback ?? Missing(key);
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1 && number <= maximum)
        {
            return number;
        }

        Fault($"{_prefix}{key} is {Show(value)}; it must be a whole number from 1 to {maximum.ToString("N0", CultureInfo.InvariantCulture)}");
        return 1;
    }

    /// <summary>A token id.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">Its value where the key is missing or null.</param>
    /// <returns>The value, or the fallback after a fault.</returns>
    public int Index(string key, int fallback)
    {
        if (Find(key) is not { } value)
        {
            return fallback;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0)
        {
            return number;
        }

        Fault($"{_prefix}{key} is {Show(value)}; it must be a token id");
        return fallback;
    }

    /// <summary>A positive finite number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">Its value where the key is missing or null; null makes the key required.</param>
    /// <returns>The value, or 1 after a fault.</returns>
    public double Positive(string key, double? fallback)
    {
        if (Find(key) is not { } value)
        {
            return fallback ?? Missing(key);
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > 0 && double.IsFinite(number))
        {
            return number;
        }

        Fault($"{_prefix}{key} is {Show(value)}; it must be a number above 0");
        return 1;
    }

    /// <summary>True or false.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">Its value where the key is missing or null.</param>
    /// <returns>The value.</returns>
    public bool Flag(string key, bool fallback)
    {
        if (Find(key) is not { } value)
        {
            return fallback;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Fault($"{_prefix}{key} is {Show(value)}; it must be true or false");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>A text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">Its value where the key is missing or null.</param>
    /// <returns>The value.</returns>
    public string? Text(string key, string? fallback)
    {
        if (Find(key) is not { } value)
        {
            return fallback;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Fault($"{_prefix}{key} is {Show(value)}; it must be a text");
        return fallback;
    }

    /// <summary>A list of texts.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The texts; empty where the key is missing or null.</returns>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Find(key) is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
        {
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        }

        Fault($"{_prefix}{key} is {Show(value)}; it must be a list of texts");
        return [];
    }

    /// <summary>An object inside the object.</summary>
    /// <param name="key">The key.</param>
    /// <returns>A reader of it that notes faults here, or null where the key is missing or null.</returns>
    public ConfigurationReader? Section(string key)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return new ConfigurationReader(value, _file, $"{_prefix}{key}.", _faults);
        }

        Fault($"{_prefix}{key} is {Show(value)}; it must be an object");
        return null;
    }

    /// <summary>The keys whose values are objects, in the order of the file.</summary>
    public IReadOnlyList<string> Sections => [.. _object.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Object).Select(member => member.Name)];

    /// <summary>Refuses a file whose key has a value that changes the computation in a way that is not implemented.</summary>
    /// <param name="key">The key.</param>
    /// <param name="neutral">A number at which the key changes nothing; null, false, 0, "", [] and {} never do.</param>
    public void RefuseUnlessNeutral(string key, double neutral = 0)
    {
        if (Find(key) is { } value && !IsNeutral(value, neutral))
        {
            Fault($"{_prefix}{key} is {Show(value)}; this changes the computation and is not implemented");
        }
    }

    /// <summary>Refuses a text that is not among those implemented.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">Its value where the key is missing or null; null makes the key required.</param>
    /// <param name="implemented">The accepted texts.</param>
    /// <returns>The value, or the first accepted one after a fault.</returns>
    public string OneOf(string key, string? fallback, params ReadOnlySpan<string> implemented)
    {
        var value = Text(key, fallback);
        foreach (var candidate in implemented)
        {
            if (candidate == value)
            {
                return candidate;
            }
        }

        Fault($"{_prefix}{key} {(value is null ? "is missing" : $"is \"{value}\"")}; implemented: {string.Join(", ", implemented!)}");
        return implemented[0];
    }

    private static bool IsNeutral(JsonElement value, double neutral) => value.ValueKind switch
    {
        JsonValueKind.False => true,
        JsonValueKind.Number => value.TryGetDouble(out var number) && (number == neutral || number == 0),
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");
    }

    private int Missing(string key)
    {
        Fault($"{_prefix}{key} is missing; it must be a number");
        return 1;
    }

    private JsonElement? Find(string key) =>
        _object.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

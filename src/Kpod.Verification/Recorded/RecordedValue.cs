using System.Text.Json;
using Kpod.LanguageModels.Checkpoints.Storage;

namespace Kpod.Verification.Recorded;

/// <summary>A value of a recorded JSON file that knows where it stands, so that whatever is wrong with it is named by file, line and key.</summary>
/// <param name="Element">The value.</param>
/// <param name="Place">File, and line or keys.</param>
internal readonly record struct RecordedValue(JsonElement Element, string Place)
{
    /// <summary>Reads a JSON document.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its root.</returns>
    /// <exception cref="KpodException">It is missing or no JSON.</exception>
    public static RecordedValue Read(string path)
    {
        using var document = JsonFile.Read(path);
        return new RecordedValue(document.RootElement.Clone(), path);
    }

    /// <summary>Reads JSON Lines; blank lines are passed over. Lines end at \n only: U+2028 and its like may stand inside a text.</summary>
    /// <param name="path">The file.</param>
    /// <returns>One object a line; at least one.</returns>
    /// <exception cref="KpodException">It is missing or empty, or a line is no JSON object; the message names it.</exception>
    public static IReadOnlyList<RecordedValue> ReadLines(string path)
    {
        var lines = new List<RecordedValue>();
        var number = 0;
        foreach (var line in JsonFile.ReadText(path).Split('\n'))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                lines.Add(ReadLine(line, $"{path}, line {number}"));
            }
        }

        return lines.Count > 0 ? lines : throw new KpodException($"{path}: holds no case.");
    }

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value; JSON's null is one too.</returns>
    /// <exception cref="KpodException">This is no object, or lacks the key.</exception>
    public RecordedValue this[string key] =>
        Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(key, out var value) ? new RecordedValue(value, $"{Place}, {key}") : throw Wrong($"lacks the key '{key}'");

    /// <summary>The value of a key that need not be there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Null where it is missing or JSON's null.</returns>
    public RecordedValue? Find(string key) => Has(key) && this[key] is { Element.ValueKind: not JsonValueKind.Null } value ? value : null;

    /// <summary>Whether a key stands here, be its value null.</summary>
    /// <param name="key">The key.</param>
    /// <returns>True where it does.</returns>
    public bool Has(string key) => Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(key, out _);

    /// <summary>The elements of a list.</summary>
    /// <returns>The elements.</returns>
    public IReadOnlyList<RecordedValue> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
        {
            throw Wrong($"is {Shown}; it must be a list");
        }

        var place = Place;
        return [.. Element.EnumerateArray().Select((item, index) => new RecordedValue(item, $"{place}[{index}]"))];
    }

    /// <summary>This as text.</summary>
    /// <returns>The text; null for JSON's null.</returns>
    public string? TextOrNull() => Element.ValueKind == JsonValueKind.Null ? null : Text();

    /// <summary>This as text.</summary>
    /// <returns>The text.</returns>
    public string Text()
    {
        try
        {
            return Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Wrong($"is {Shown}; it must be a text");
        }
        catch (InvalidOperationException)
        {
            throw Wrong("holds half a surrogate pair, which no reference reads");
        }
    }

    /// <summary>This as a whole number.</summary>
    /// <returns>The number.</returns>
    public int Integer() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var number) ? number : throw Wrong($"is {Shown}; it must be a whole number");

    /// <summary>This as a number.</summary>
    /// <returns>The number.</returns>
    public double Number() => Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var number) ? number : throw Wrong($"is {Shown}; it must be a number");

    /// <summary>This as true or false.</summary>
    /// <returns>Which.</returns>
    public bool Flag() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean() : throw Wrong($"is {Shown}; it must be true or false");

    /// <summary>This as a list of whole numbers.</summary>
    /// <returns>The numbers.</returns>
    public int[] Integers() => [.. Items().Select(item => item.Integer())];

    /// <summary>This as a list of numbers.</summary>
    /// <returns>The numbers.</returns>
    public double[] Numbers() => [.. Items().Select(item => item.Number())];

    /// <summary>A fault of this value.</summary>
    /// <param name="what">What is wrong, as the end of a sentence without its stop.</param>
    /// <returns>The exception to throw.</returns>
    public KpodException Wrong(string what) => new($"{Place}: {what}.");

    private string Shown => Element.GetRawText() is { Length: > 60 } text ? text[..57] + "..." : Element.GetRawText();

    private static RecordedValue ReadLine(string line, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new RecordedValue(document.RootElement.Clone(), place)
                : throw new KpodException($"{place}: must hold a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new KpodException($"{place}: is not valid JSON ({exception.Message})", exception);
        }
    }
}

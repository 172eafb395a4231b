using System.Globalization;
using System.Text.Json;

namespace Kpod.Datasets;

/// <summary>Reads the fields of a JSON record; a missing field or one of another kind is a fault that names it.</summary>
internal static class RecordElement
{
    public static JsonElement Object(JsonElement element) => element.ValueKind == JsonValueKind.Object ? element : throw new RecordFaultException($"is no JSON object but {Kind(element)}.");

    public static JsonElement? Optional(JsonElement record, string key) => record.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static JsonElement Required(JsonElement record, string key) => Optional(record, key) ?? throw new RecordFaultException($"lacks the field '{key}'.");

    /// <summary>A text that is not blank.</summary>
    public static string Text(JsonElement record, string key)
    {
        var value = Required(record, key);
        return value.ValueKind == JsonValueKind.String ? NotBlank(value.GetString()!, key) : throw new RecordFaultException($"has {Kind(value)} in the field '{key}', where text should stand.");
    }

    /// <summary>A text or a number, as written; thousands commas are removed from a number.</summary>
    public static string Answer(JsonElement record, string key)
    {
        var value = Required(record, key);
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Trim(),
            JsonValueKind.Number => value.TryGetDecimal(out var number) ? (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture) : value.GetRawText(),
            _ => throw new RecordFaultException($"has {Kind(value)} in the field '{key}', where an answer should stand."),
        };
        return NotBlank(WithoutThousandsCommas(text), key);
    }

    public static IEnumerable<JsonElement> List(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw new RecordFaultException($"has {Kind(value)} in the field '{key}', where a list should stand.");

    public static string WithoutThousandsCommas(string text) =>
        text.Contains(',', StringComparison.Ordinal) && text.All(character => char.IsAsciiDigit(character) || character is ',' or '.' or '-' or '$')
            ? text.Replace(",", string.Empty, StringComparison.Ordinal)
            : text;

    private static string NotBlank(string text, string key) => string.IsNullOrWhiteSpace(text) ? throw new RecordFaultException($"has an empty field '{key}'.") : text;

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}

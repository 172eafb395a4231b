using System.Globalization;
using System.Text.Json;
using Kpod.Datasets.Answers.Values;
using Kpod.Datasets.Questions;

namespace Kpod.Datasets.Records;

/// <summary>Reads the fields of a JSON record; a missing field or one of another kind is a fault that names it.</summary>
internal static class RecordElement
{
    public static JsonElement Object(JsonElement element) => element.ValueKind == JsonValueKind.Object ? element : throw new RecordFaultException($"is no JSON object but {Kind(element)}.");

    public static JsonElement? Optional(JsonElement record, string key) => record.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static JsonElement Required(JsonElement record, string key) => Optional(record, key) ?? throw new RecordFaultException($"lacks the field '{key}'.");

    /// <summary>The record's own id, a text or a number, or the one made from its place.</summary>
    public static string Id(JsonElement record, string key, string fallbackId) => Optional(record, key) is not { } value ? fallbackId
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(record, key).Trim();

    /// <summary>The characters of a JSON string.</summary>
    public static string String(JsonElement value, string key)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new RecordFaultException($"has {Kind(value)} in the field '{key}', where text should stand.");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RecordFaultException($"has half a character in the field '{key}' (a lone surrogate such as \\ud83d).");
        }
    }

    /// <summary>Choices as an object of letters and texts, each letter once.</summary>
    public static Dictionary<string, string> Choices(JsonElement choices)
    {
        var byLetter = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var choice in Object(choices).EnumerateObject())
        {
            AddChoice(byLetter, choice.Name.Trim(), NotBlank(String(choice.Value, $"choices.{choice.Name}"), $"choices.{choice.Name}"));
        }

        return byLetter;
    }

    /// <summary>Adds a choice; a letter that is there already is a fault.</summary>
    public static void AddChoice(Dictionary<string, string> byLetter, string letter, string text)
    {
        if (!byLetter.TryAdd(letter, text))
        {
            throw new RecordFaultException($"has the choice '{letter}' twice.");
        }
    }

    /// <summary>Checks that the answer is the letter of a choice, and that there are two choices at least.</summary>
    public static void CheckChoice(Question question)
    {
        if (question.Choices is { } choices && (choices.Count < 2 || !choices.ContainsKey(question.Answer)))
        {
            throw new RecordFaultException(choices.Count < 2
                ? $"has {choices.Count} choices; a question with choices has two or more."
                : $"has the answer '{question.Answer}', which is none of its choices ({string.Join(", ", choices.Keys)}).");
        }
    }

    /// <summary>A text that is not blank.</summary>
    public static string Text(JsonElement record, string key)
    {
        var value = Required(record, key);
        return value.ValueKind == JsonValueKind.String ? NotBlank(String(value, key), key) : throw new RecordFaultException($"has {Kind(value)} in the field '{key}', where text should stand.");
    }

    /// <summary>A text or a number, as written; thousands commas are removed from a number.</summary>
    public static string Answer(JsonElement record, string key) => AnswerOf(Required(record, key), key);

    /// <summary>A text or a number, as written; thousands commas are removed from a number.</summary>
    public static string AnswerOf(JsonElement value, string key)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => String(value, key).Trim(),
            JsonValueKind.Number => value.TryGetDecimal(out var number) ? (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture) : value.GetRawText(),
            _ => throw new RecordFaultException($"has {Kind(value)} in the field '{key}', where an answer should stand."),
        };
        return NotBlank(WithoutThousandsCommas(text), key);
    }

    public static IEnumerable<JsonElement> List(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw new RecordFaultException($"has {Kind(value)} in the field '{key}', where a list should stand.");

    /// <summary>A number without the commas between its thousands; any other text as it is.</summary>
    /// <exception cref="RecordFaultException">The text is of digits and commas that group no thousands: a decimal comma, or a list.</exception>
    public static string WithoutThousandsCommas(string text)
    {
        if (!text.Contains(',', StringComparison.Ordinal) || !text.All(character => char.IsAsciiDigit(character) || character is ',' or '.' or '-' or '+' or '\'' || AnswerNumber.IsCurrency(character)))
        {
            return text;
        }

        return AnswerNumber.IsGrouped(text) ? text.Replace(",", string.Empty, StringComparison.Ordinal)
            : throw new RecordFaultException($"has the answer '{text}', whose commas do not group thousands, so it is unclear which number it is. Write a decimal point (2.5) and no commas, or a text with spaces (2, 4, 6).");
    }

    public static string NotBlank(string text, string key) => string.IsNullOrWhiteSpace(text) ? throw new RecordFaultException($"has an empty field '{key}'.") : text;

    public static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}

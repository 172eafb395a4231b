using System.Globalization;
using System.Text.Json;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>Reads choices in the forms in which data sets have them, and the answer that is one of them.</summary>
internal static class ChoiceList
{
    private const string Wanted = "an object of letters and texts, a list of texts, or labels and texts ({\"label\": [...], \"text\": [...]})";

    /// <summary>Reads choices.</summary>
    /// <param name="value">The value.</param>
    /// <param name="key">Its field, for messages.</param>
    /// <returns>Letter and text of each, in order.</returns>
    public static Dictionary<string, string> Read(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.Object when IsList(value, "label") && IsList(value, "text") => Pairs(value, key),
        JsonValueKind.Object => RecordElement.Choices(value),
        JsonValueKind.Array => Listed([.. value.EnumerateArray()], key),
        JsonValueKind.String when Inner(value) is { } inner => Read(inner, key),
        _ => throw new RecordFaultException($"has {RecordElement.Kind(value)} in the field '{key}', where choices should stand: {Wanted}."),
    };

    /// <summary>The letter of the choice that an answer names by letter, by text, or, in a list, by its place from 0.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="key">Its field, for messages.</param>
    /// <param name="choices">The choices.</param>
    /// <param name="areListed">Whether they came as a list, so that a place names one.</param>
    /// <returns>The letter, or the answer as written where it names none.</returns>
    public static string Letter(JsonElement answer, string key, IReadOnlyDictionary<string, string> choices, bool areListed)
    {
        var text = RecordElement.AnswerOf(answer, key);
        var isPlace = areListed && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < choices.Count;
        if (isPlace && answer.ValueKind == JsonValueKind.Number)
        {
            return choices.Keys.ElementAt(int.Parse(text, CultureInfo.InvariantCulture));
        }

        var bare = text.Trim('(', ')', '.', ' ');
        var byText = choices.Where(choice => string.Equals(choice.Value.Trim(), text, StringComparison.OrdinalIgnoreCase)).Select(choice => choice.Key).ToList();
        return choices.ContainsKey(text) ? text
            : choices.ContainsKey(bare) ? bare
            : byText.Count == 1 ? byText[0]
            : choices.Keys.FirstOrDefault(letter => letter.Equals(bare, StringComparison.OrdinalIgnoreCase)) is { } small ? small
            : isPlace ? choices.Keys.ElementAt(int.Parse(text, CultureInfo.InvariantCulture))
            : text;
    }

    /// <summary>Whether choices are a list without letters of their own.</summary>
    /// <param name="value">The value.</param>
    public static bool IsListed(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) : Inner(value) is { } inner && IsListed(inner);

    /// <summary>The value that a cell of a table spells as JSON.</summary>
    /// <param name="value">A text.</param>
    /// <returns>The list or object; null where the text is none.</returns>
    public static JsonElement? Inner(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetRawText().AsSpan(1).TrimStart() is not (['[', ..] or ['{', ..]))
        {
            return null;
        }

        try
        {
            return Sources.JsonRecords.Parse(RecordElement.String(value, string.Empty));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsList(JsonElement value, string key) => value.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array;

    private static Dictionary<string, string> Pairs(JsonElement value, string key)
    {
        var (labels, texts) = (value.GetProperty("label"), value.GetProperty("text"));
        if (labels.GetArrayLength() != texts.GetArrayLength())
        {
            throw new RecordFaultException($"has {labels.GetArrayLength()} labels and {texts.GetArrayLength()} texts in the field '{key}'; each choice has one of both.");
        }

        var choices = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (label, text) in labels.EnumerateArray().Zip(texts.EnumerateArray()))
        {
            RecordElement.AddChoice(choices, RecordElement.AnswerOf(label, $"{key}.label"), RecordElement.String(text, $"{key}.text"));
        }

        return choices;
    }

    private static Dictionary<string, string> Listed(JsonElement[] items, string key)
    {
        var choices = new Dictionary<string, string>(StringComparer.Ordinal);
        if (items.Length > 26)
        {
            throw new RecordFaultException($"has {items.Length} choices in the field '{key}'; a list may have 26, one a letter.");
        }

        for (var index = 0; index < items.Length; index++)
        {
            var item = items[index];
            if (item.ValueKind == JsonValueKind.Object)
            {
                RecordElement.AddChoice(choices, RecordElement.Text(item, "label").Trim(), RecordElement.Text(item, "text"));
            }
            else
            {
                RecordElement.AddChoice(choices, ((char)('A' + index)).ToString(), item.ValueKind == JsonValueKind.Number ? item.GetRawText() : RecordElement.String(item, key));
            }
        }

        return choices;
    }
}

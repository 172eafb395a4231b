using System.Text.Json;
using Kpod.Datasets.Questions;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>Reads the rationales of a record: a text, a list of texts, or objects with a <c>text</c> each.</summary>
internal static class RationaleList
{
    private const string Wanted = "a text, a list of texts, or a list of objects with 'text'";

    /// <summary>Reads rationales.</summary>
    /// <param name="value">The value.</param>
    /// <param name="key">Its field, for messages.</param>
    /// <returns>The rationales in order.</returns>
    public static IReadOnlyList<RecordedRationale> Read(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.String when ChoiceList.Inner(value) is { ValueKind: JsonValueKind.Array } inner => Read(inner, key),
        JsonValueKind.String => OfText(RecordElement.String(value, key)),
        JsonValueKind.Object => [OfObject(value)],
        JsonValueKind.Array => [.. value.EnumerateArray().SelectMany((item, index) => OfItem(item, $"{key}[{index}]"))],
        _ => throw new RecordFaultException($"has {RecordElement.Kind(value)} in the field '{key}', where rationales should stand: {Wanted}."),
    };

    private static IReadOnlyList<RecordedRationale> OfItem(JsonElement item, string key) => item.ValueKind switch
    {
        JsonValueKind.String => OfText(RecordElement.String(item, key)),
        JsonValueKind.Object => [OfObject(item)],
        _ => throw new RecordFaultException($"has {RecordElement.Kind(item)} in the field '{key}', where a rationale should stand: a text, or an object with 'text'."),
    };

    private static IReadOnlyList<RecordedRationale> OfText(string text) => string.IsNullOrWhiteSpace(text) ? [] : [new RecordedRationale(text, RecordedRationale.UnknownTeacher)];

    private static RecordedRationale OfObject(JsonElement rationale)
    {
        string? Optional(string key) => RecordElement.Optional(rationale, key) is { } value ? RecordElement.String(value, key) : null;
        return new RecordedRationale(
            RecordElement.String(RecordElement.Required(rationale, "text"), "text"),
            Optional("teacher") ?? RecordedRationale.UnknownTeacher,
            Optional("finishReason"),
            Optional("raw"));
    }
}

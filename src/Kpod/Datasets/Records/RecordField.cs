using System.Globalization;
using System.Text.Json;

namespace Kpod.Datasets.Records;

/// <summary>Finds a field of a record by its path: names with dots between them, numbers for places in lists.</summary>
internal static class RecordField
{
    /// <summary>Follows a path.</summary>
    /// <param name="record">The record.</param>
    /// <param name="path">The path; a field whose own name has dots in it goes before.</param>
    /// <returns>The value; null where it is missing or null.</returns>
    public static JsonElement? Find(JsonElement record, string path)
    {
        if (RecordElement.Optional(record, path) is { } whole)
        {
            return whole;
        }

        JsonElement? at = record;
        foreach (var part in path.Split('.'))
        {
            at = at is { } value ? Step(value, part) : null;
        }

        return at;
    }

    /// <summary>Every path of a record, as far as objects go.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The paths in order.</returns>
    public static IEnumerable<string> Paths(JsonElement record) => Paths(record, string.Empty, depth: 0);

    private static IEnumerable<string> Paths(JsonElement record, string prefix, int depth)
    {
        foreach (var member in record.EnumerateObject())
        {
            yield return prefix + member.Name;
            foreach (var inner in member.Value.ValueKind == JsonValueKind.Object && depth < 4 ? Paths(member.Value, $"{prefix}{member.Name}.", depth + 1) : [])
            {
                yield return inner;
            }
        }
    }

    private static JsonElement? Step(JsonElement value, string part) => value.ValueKind switch
    {
        JsonValueKind.Object => RecordElement.Optional(value, part),
        JsonValueKind.Array when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < value.GetArrayLength() => value[place],
        _ => null,
    };
}

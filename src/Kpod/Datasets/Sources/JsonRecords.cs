using System.Text.Json;

namespace Kpod.Datasets.Sources;

/// <summary>
/// The records of a JSON file one after the other: an object a line, an array of them, or an object with one such array. Which of them it is shows in the text, not in the file's name.
/// </summary>
internal static class JsonRecords
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    // Lists that a record has itself: an object with one of them is a record, not a file around records.
    private static readonly HashSet<string> OwnLists = ["rationales", "messages", "conversations", "choices", "prompt", "completion"];

    /// <summary>Reads the records.</summary>
    /// <param name="text">The file; it is read no further than the records that are taken.</param>
    /// <returns>The records.</returns>
    /// <exception cref="KpodException">The text between the records is no JSON, or a record is too long.</exception>
    public static IEnumerable<SourceRecord> Read(DataText text)
    {
        var first = text.SkipSpace();
        return first < 0 ? [] : first == '[' ? Array(new JsonScanner(text)) : first == '{' && !HasLines(text) ? Inside(new JsonScanner(text)) : Lines(text);
    }

    /// <summary>Parses a record.</summary>
    /// <param name="json">Its text.</param>
    /// <returns>The record.</returns>
    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, Options);
        return document.RootElement.Clone();
    }

    // Whether the object that begins here is a record on a line of its own.
    private static bool HasLines(DataText text)
    {
        var start = text.Line;
        var line = text.ReadLine(out var isWhole)!;
        var ends = isWhole && text.Peek() < 0;
        text.PutBack(isWhole && !ends ? line + "\n" : line, start);
        if (!isWhole)
        {
            return DataFileList.Extension(text.Path) is ".jsonl" or ".ndjson";
        }

        try
        {
            var record = Parse(line);
            return record.ValueKind != JsonValueKind.Object || !ends || !record.EnumerateObject().Any(member => !OwnLists.Contains(member.Name) && IsListOfRecords(member.Value));
        }
        catch (JsonException)
        {
            // The first line of an object that goes on, unless the name says that each line is one.
            return DataFileList.Extension(text.Path) is ".jsonl" or ".ndjson" || (ends && !line.Contains('[', StringComparison.Ordinal));
        }
    }

    private static bool IsListOfRecords(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object);

    private static IEnumerable<SourceRecord> Lines(DataText text)
    {
        var number = text.Line;
        while (text.ReadLine(out var isWhole) is { } line)
        {
            if (!isWhole)
            {
                throw text.TooLong(number);
            }

            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return new SourceRecord($"line {number}", number - 1, () => Parse(line));
            }

            number = text.Line;
        }
    }

    private static IEnumerable<SourceRecord> Array(JsonScanner scanner)
    {
        foreach (var (element, number) in scanner.Elements())
        {
            yield return new SourceRecord($"record {number + 1}", number, () => Parse(element));
        }

        scanner.End();
    }

    private static IEnumerable<SourceRecord> Inside(JsonScanner scanner)
    {
        string? found = null;
        foreach (var key in scanner.ListsOfObjects())
        {
            if (found is not null)
            {
                throw scanner.Fault($"has two lists of records, '{found}' and '{key}'; a data file has one. Put each into a file of its own");
            }

            found = key;
            foreach (var (element, number) in scanner.Elements())
            {
                yield return new SourceRecord($"record {number + 1} of '{key}'", number, () => Parse(element));
            }
        }

        if (found is null)
        {
            throw scanner.Fault("is an object without a list of records. A data file holds an object a line, a list of objects, or an object with one such list");
        }
    }
}

using System.Text;
using System.Text.Json;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>A chat completion that a server sent as a stream of events though none was asked for: the pieces are joined.</summary>
internal static class EventStreamBody
{
    private const string Data = "data:";
    private const string End = "[DONE]";

    /// <summary>Whether a body looks like one.</summary>
    /// <param name="body">The body.</param>
    /// <returns>True where a line of it begins as an event's data does.</returns>
    public static bool IsOne(string body) => body.StartsWith(Data, StringComparison.Ordinal) || body.Contains($"\n{Data}", StringComparison.Ordinal);

    /// <summary>Joins the events.</summary>
    /// <param name="body">The body, half characters mended.</param>
    /// <returns>A chat completion's JSON, as it would have come in one piece.</returns>
    /// <exception cref="JsonException">An event is no JSON.</exception>
    public static string Join(string body)
    {
        var (text, reasoning) = (new StringBuilder(), new StringBuilder());
        string? reason = null;
        string? usage = null;
        string? model = null;
        foreach (var line in body.Split('\n').Select(line => line.Trim()).Select(line => line.StartsWith(Data, StringComparison.Ordinal) ? line[Data.Length..].Trim() : line))
        {
            if (line == End)
            {
                break;
            }

            if (!line.StartsWith('{'))
            {
                continue; // a comment, an event's name or number
            }

            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (Choice(root) is not { } choice)
            {
                usage = Find(root, "usage") ?? usage;
                if (root.TryGetProperty("error", out _))
                {
                    return line;
                }

                continue;
            }

            if (choice.TryGetProperty("message", out var whole) && whole.ValueKind == JsonValueKind.Object)
            {
                return line;
            }

            Add(choice, text, reasoning);
            reason = choice.TryGetProperty("finish_reason", out var ended) && ended.ValueKind == JsonValueKind.String ? ended.GetRawText() : reason;
            usage = Find(root, "usage") ?? usage;
            model ??= Find(root, "model");
        }

        // A stream without its last event was cut.
        return $$$"""{"model":{{{model ?? "null"}}},"choices":[{"index":0,"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(text.ToString())}}},"reasoning_content":{{{JsonSerializer.Serialize(reasoning.ToString())}}}},"finish_reason":{{{reason ?? "\"incomplete\""}}}}],"usage":{{{usage ?? "null"}}}}""";
    }

    private static void Add(JsonElement choice, StringBuilder text, StringBuilder reasoning)
    {
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
        {
            text.Append(Text(delta, "content"));
            reasoning.Append(Text(delta, "reasoning_content") ?? Text(delta, "reasoning"));
        }
        else
        {
            text.Append(Text(choice, "text"));
        }
    }

    private static JsonElement? Choice(JsonElement root) =>
        root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0 && choices[0].ValueKind == JsonValueKind.Object ? choices[0] : null;

    private static string? Find(JsonElement root, string key) => root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetRawText() : null;

    private static string? Text(JsonElement element, string key) => element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

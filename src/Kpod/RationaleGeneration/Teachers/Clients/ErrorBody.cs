using System.Text.Json;
using Kpod.Files;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>What the body of an error says, in the shapes that servers give it: OpenAI's <c>error</c>, a list of such, FastAPI's <c>detail</c>, a bare message.</summary>
internal static class ErrorBody
{
    private const int MostOfAList = 3;

    private static readonly string[] Holders = ["error", "errors", "detail", "details"];
    private static readonly string[] Messages = ["message", "msg", "error_description", "title", "reason"];
    private static readonly string[] Marks = ["code", "type", "status"];

    /// <summary>The server's words.</summary>
    /// <param name="body">JSON or not.</param>
    /// <returns>On one line, and short; the body itself where nothing in it is known.</returns>
    public static string Said(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonText.MendHalfCharacters(body));
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return TeacherErrors.Quote(body);
        }
    }

    /// <summary>The words of an error that is read already.</summary>
    /// <param name="error">Any JSON.</param>
    /// <returns>On one line, and short.</returns>
    public static string Of(JsonElement error) => TeacherErrors.Quote(Words(error) is { Length: > 0 } words ? words : error.GetRawText());

    private static string Words(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Array => string.Join("; ", element.EnumerateArray().Take(MostOfAList).Select(Words).Where(words => words.Length > 0)),
        JsonValueKind.Object => OfObject(element),
        _ => string.Empty,
    };

    private static string OfObject(JsonElement element)
    {
        foreach (var holder in Holders)
        {
            if (element.TryGetProperty(holder, out var inner) && Words(inner) is { Length: > 0 } words)
            {
                return words;
            }
        }

        var said = Messages.Select(key => Text(element, key)).FirstOrDefault(text => text is not null);
        var place = element.TryGetProperty("loc", out var location) && location.ValueKind == JsonValueKind.Array
            ? string.Join('.', location.EnumerateArray().Select(part => part.ToString())) + ":" : null;
        var marks = Marks.Select(key => Text(element, key)).OfType<string>().Select(mark => $"({mark})");
        return string.Join(' ', new[] { place, said }.OfType<string>().Concat(place is null ? marks : []));
    }

    private static string? Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}

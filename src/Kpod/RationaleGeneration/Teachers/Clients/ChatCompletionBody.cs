using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kpod.Files;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>
/// The bodies of OpenAI's chat completions (<c>POST /v1/chat/completions</c>, https://platform.openai.com/docs/api-reference/chat): the same in a live call and in a line of a batch file.
/// </summary>
internal static class ChatCompletionBody
{
    // No server counts more; what says so is no count.
    private const double MostTokens = 1e10;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a request's body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limitKey">What the server calls the most tokens: <c>max_completion_tokens</c> (OpenAI, whose reasoning models refuse the other) or <c>max_tokens</c> (all others, some of which pass over the newer name and would write without end).</param>
    /// <returns>JSON, UTF-8.</returns>
    public static byte[] Write(TeacherRequest request, string limitKey)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("model", request.Model);
            json.WriteStartArray("messages");
            foreach (var message in request.Messages)
            {
                json.WriteStartObject();
                json.WriteString("role", message.Role.ToString().ToLowerInvariant());
                json.WriteString("content", message.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteSettings(json, request, limitKey);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads a response's body.</summary>
    /// <param name="body">JSON.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="TeacherCallException">It is no chat completion, or one without a choice.</exception>
    public static TeacherReply Read(string body)
    {
        try
        {
            // What a body is shows in itself: servers label them wrongly.
            var mended = JsonText.MendHalfCharacters(body);
            using var document = JsonDocument.Parse(EventStreamBody.IsOne(mended) ? EventStreamBody.Join(mended) : mended);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new TeacherCallException(TeacherFailure.Passing, $"the response is no whole JSON ({TeacherErrors.Quote(exception.Message)}): {TeacherErrors.Quote(body)}", innerException: exception);
        }
    }

    private static TeacherReply Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var error) && IsSomething(error))
        {
            throw Failed(error);
        }

        if (root.ValueKind != JsonValueKind.Object || Find(root, "choices", JsonValueKind.Array) is not { } choices)
        {
            throw new TeacherCallException(TeacherFailure.Passing, $"the response is no chat completion: {TeacherErrors.Quote(root.GetRawText())}");
        }

        if (choices.GetArrayLength() == 0 || choices[0].ValueKind != JsonValueKind.Object || Find(choices[0], "message", JsonValueKind.Object) is not { } message)
        {
            throw new TeacherCallException(TeacherFailure.Passing, $"the response has no choice in it: {TeacherErrors.Quote(root.GetRawText())}")
            {
                PaidBody = choices.GetArrayLength() > 0 || (Find(root, "usage", JsonValueKind.Object) is { } counted && Number(counted, "completion_tokens") > 0) ? root.GetRawText() : null,
            };
        }

        var reason = FinishReasons.Read(Text(choices[0], "finish_reason"));
        if (reason == FinishReasons.Error || (choices[0].TryGetProperty("error", out var broken) && IsSomething(broken)))
        {
            throw Failed(choices[0].TryGetProperty("error", out broken) && IsSomething(broken) ? broken : choices[0]);
        }

        var usage = Find(root, "usage", JsonValueKind.Object);
        return new TeacherReply(
            Content(message),
            Text(message, "reasoning_content") ?? Text(message, "reasoning") ?? Thought(message),
            Text(message, "refusal"),
            reason,
            Text(root, "model"),
            usage is { } input ? Number(input, "prompt_tokens") : null,
            usage is { } output ? Number(output, "completion_tokens") : null);
    }

    private static void WriteSettings(Utf8JsonWriter json, TeacherRequest request, string limitKey)
    {
        if (request.Temperature is { } temperature)
        {
            json.WriteNumber("temperature", temperature);
        }

        if (request.TopP is { } topP)
        {
            json.WriteNumber("top_p", topP);
        }

        if (request.MaximumTokens is { } most)
        {
            json.WriteNumber(limitKey, most);
        }

        if (request.Seed is { } seed)
        {
            json.WriteNumber("seed", seed);
        }

        if (request.TopLogProbabilities is { } count)
        {
            json.WriteBoolean("logprobs", true);
            json.WriteNumber("top_logprobs", count);
        }

        if (request.StopTexts.Count > 0)
        {
            json.WriteStartArray("stop");
            foreach (var stop in request.StopTexts)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }
    }

    // A text, or a list of parts of which the texts count.
    private static string Content(JsonElement message) => Find(message, "content", JsonValueKind.Array) is { } parts
        ? string.Concat(parts.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.Object ? Text(part, "text") : null))
        : Text(message, "content") ?? string.Empty;

    private static string? Thought(JsonElement message) => Find(message, "content", JsonValueKind.Array) is { } parts
        && string.Concat(parts.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("thinking", out var thought) ? Texts(thought) : null)) is { Length: > 0 } text ? text : null;

    private static string? Texts(JsonElement thought) => thought.ValueKind switch
    {
        JsonValueKind.String => thought.GetString(),
        JsonValueKind.Array => string.Concat(thought.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.Object ? Text(part, "text") : null)),
        _ => null,
    };

    private static bool IsSomething(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.Object => error.EnumerateObject().Any(),
        JsonValueKind.String => error.GetString()!.Length > 0,
        JsonValueKind.Array => error.GetArrayLength() > 0,
        _ => false,
    };

    // An error in a response that calls itself a success: its code is what the status should have been.
    private static TeacherCallException Failed(JsonElement error)
    {
        var code = error.ValueKind == JsonValueKind.Object ? Number(error, "code") ?? Number(error, "status") : null;
        return code is >= 400 and < 600 ? TeacherErrors.OfStatus((int)code.Value, ErrorBody.Of(error), retryAfter: null)
            : new TeacherCallException(TeacherFailure.Passing, $"the server reports an error: {ErrorBody.Of(error)}");
    }

    private static JsonElement? Find(JsonElement element, string key, JsonValueKind kind) => element.TryGetProperty(key, out var value) && value.ValueKind == kind ? value : null;

    private static string? Text(JsonElement element, string key) => Find(element, key, JsonValueKind.String)?.GetString() is { Length: > 0 } text ? text : null;

    private static long? Number(JsonElement element, string key) => element.TryGetProperty(key, out var number)
        && double.TryParse(number.ValueKind switch { JsonValueKind.Number => number.GetRawText(), JsonValueKind.String => number.GetString(), _ => null }, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value is >= 0 and <= MostTokens ? (long)value : null;
}

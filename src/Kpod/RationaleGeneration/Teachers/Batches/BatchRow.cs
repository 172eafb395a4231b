using System.Text;
using System.Text.Json;
using Kpod.Files;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Clients;

namespace Kpod.RationaleGeneration.Teachers.Batches;

/// <summary>
/// A line of a batch's result or error file, as OpenAI writes it (https://platform.openai.com/docs/api-reference/batch/request-output) and vLLM's <c>run-batch</c> does: <c>custom_id</c>, <c>response</c> with
/// <c>status_code</c> and <c>body</c>, <c>error</c>.
/// </summary>
/// <param name="CustomId">The request's hash; null where the line has none.</param>
/// <param name="Answer">The answer, without a cost; null where there is none.</param>
/// <param name="Outcome"><see cref="BatchOutcome.Added"/> with an answer, <see cref="BatchOutcome.Failed"/> or <see cref="BatchOutcome.Unreadable"/> without.</param>
/// <param name="Reason">Why there is no answer.</param>
internal sealed record BatchRow(string? CustomId, TeacherAnswer? Answer, BatchOutcome Outcome, string? Reason)
{
    private const int Success = 200;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a line.</summary>
    /// <param name="line">Its bytes.</param>
    /// <param name="now">When it is read, for a response that does not say when it was made.</param>
    public static BatchRow Read(ReadOnlySpan<byte> line, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonText.MendHalfCharacters(Strict.GetString(line)));
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && Text(root, "custom_id") is { } id
                ? Read(id, root, now)
                : new BatchRow(null, null, BatchOutcome.Unreadable, "has no custom_id, so it is no line of a batch's result");
        }
        catch (DecoderFallbackException)
        {
            return new BatchRow(null, null, BatchOutcome.Unreadable, "holds bytes that are no UTF-8");
        }
        catch (JsonException)
        {
            return new BatchRow(null, null, BatchOutcome.Unreadable, "is no whole JSON; the file may have been cut off");
        }
        catch (InvalidOperationException)
        {
            return new BatchRow(null, null, BatchOutcome.Unreadable, "holds half a character (a lone surrogate such as \\ud83d)");
        }
    }

    private static BatchRow Read(string id, JsonElement root, DateTimeOffset now)
    {
        var response = Object(root, "response");
        var status = response is { } given && given.TryGetProperty("status_code", out var code) && code.TryGetInt32(out var number) ? number : default(int?);
        if (Object(root, "error") is { } error && error.EnumerateObject().Any())
        {
            return Failed(id, $"{(status is null or Success ? string.Empty : $"HTTP {status}: ")}{Said(error)}");
        }

        if (response is null)
        {
            return Failed(id, "has neither a response nor an error");
        }

        var body = Object(response.Value, "body");
        if (status is not (null or Success))
        {
            return Failed(id, $"HTTP {status}: {(body is { } said ? Said(Object(said, "error") ?? said) : "nothing said")}");
        }

        return body is { } completion ? Answered(id, completion, now) : Failed(id, "its response has no body");
    }

    private static BatchRow Answered(string id, JsonElement body, DateTimeOffset now)
    {
        var raw = body.GetRawText();
        try
        {
            // Through the same hands as a live response, so that both give the same answer.
            var (reply, _) = ChatMessages.ToReply(ChatMessages.ToResponse(ChatCompletionBody.Read(raw), raw));
            var made = body.TryGetProperty("created", out var created) && created.ValueKind == JsonValueKind.Number && created.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) : now;
            return new BatchRow(id, reply.ToAnswer(raw, seconds: 0, made), BatchOutcome.Added, null);
        }
        catch (TeacherCallException fault)
        {
            return Failed(id, fault.Message);
        }
    }

    private static BatchRow Failed(string id, string reason) => new(id, null, BatchOutcome.Failed, reason);

    // OpenAI has code and message in the error; vLLM may put both into an error within it.
    private static string Said(JsonElement error)
    {
        var inner = Object(error, "error") ?? error;
        var (code, message) = (Text(inner, "code"), Text(inner, "message"));
        return TeacherErrors.Quote(code is null && message is null ? inner.GetRawText() : message is null ? code! : code is null ? message : $"{message} ({code})");
    }

    private static JsonElement? Object(JsonElement element, string key) => element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement element, string key) => element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

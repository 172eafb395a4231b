namespace Kpod.Testing;

/// <summary>What a <see cref="TeacherServer"/> does with a call.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="RetryAfter">The header of this name; null for none.</param>
/// <param name="Sent">Share of the body that is sent before the connection is cut; 1 for a sound response.</param>
/// <param name="Delay">How long the server thinks.</param>
public sealed record TeacherServerReply(int Status, string Body, string ContentType = "application/json", string? RetryAfter = null, double Sent = 1, TimeSpan Delay = default)
{
    /// <summary>What the server waits for before it answers; null for nothing.</summary>
    public Task? After { get; init; }

    /// <summary>How the body is said to be packed; null for not at all.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>Whether the client gets a whole answer, which it pays for.</summary>
    public bool IsPaid { get; private init; }

    /// <summary>A sound answer.</summary>
    /// <param name="content">What the teacher writes.</param>
    /// <param name="finishReason">Why it ends.</param>
    /// <param name="more">Further members of the message, JSON with a leading comma.</param>
    /// <param name="outputTokens">Tokens of the answer.</param>
    /// <returns>A reply.</returns>
    public static TeacherServerReply Answer(string content, string finishReason = "stop", string more = "", int outputTokens = 20) => new(
        200,
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"fake-model-0126","choices":[{"index":0,"message":{"role":"assistant","content":{{{System.Text.Json.JsonSerializer.Serialize(content)}}}{{{more}}}},"finish_reason":"{{{finishReason}}}"}],"usage":{"prompt_tokens":10,"completion_tokens":{{{outputTokens}}},"total_tokens":{{{10 + outputTokens}}}}}""")
    {
        IsPaid = true,
    };

    /// <summary>An error as OpenAI words it.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="message">The message.</param>
    /// <param name="code">The code.</param>
    /// <param name="retryAfter">How long the client is asked to wait.</param>
    /// <returns>A reply.</returns>
    public static TeacherServerReply Error(int status, string message = "something went wrong", string code = "server_error", string? retryAfter = null) =>
        new(status, $$$"""{"error":{"message":"{{{message}}}","type":"error","code":"{{{code}}}"}}""", RetryAfter: retryAfter);
}

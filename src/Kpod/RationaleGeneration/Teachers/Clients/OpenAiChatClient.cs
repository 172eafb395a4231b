using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kpod.Files;
using Kpod.RationaleGeneration.Teachers.Calls;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>
/// A teacher behind any server that speaks OpenAI's chat completions: OpenAI and Azure, vLLM, Ollama, llama.cpp. It goes through the protocol method of the official client, whose own retries are off,
/// and reads the response's body itself: what the client's types do not know (reasoning, a new finish reason) is no reason to lose an answer that is paid for. Keys never leave it.
/// </summary>
public sealed class OpenAiChatClient : IChatClient
{
    /// <summary>Variable of the environment that holds the key.</summary>
    public const string KeyVariable = "OPENAI_API_KEY";

    /// <summary>Variable of the environment that may hold the endpoint.</summary>
    public const string EndpointVariable = "OPENAI_BASE_URL";

    /// <summary>Where OpenAI itself is.</summary>
    public const string DefaultEndpoint = "https://api.openai.com/v1";

    private const string NoKey = "none"; // a header that local servers pass over

    private const long LongestError = 1 << 16;

    // Whoever asks for more has asked for the end of the work.
    private const double LongestWaitSeconds = 1e9;

    private readonly ChatClient _client;
    private readonly string _model;
    private readonly Uri _endpoint;
    private readonly TeacherKey? _key;
    private readonly TimeProvider _time;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="endpoint">The server's address up to <c>/v1</c>; null for OpenAI's own.</param>
    /// <param name="model">The model by the name that the server knows.</param>
    /// <param name="key">The key; null for a server that asks for none.</param>
    /// <param name="time">Clock, for a wait that the server gives as a date.</param>
    /// <exception cref="KpodException">The endpoint is no such address, or OpenAI is asked without a key.</exception>
    public OpenAiChatClient(string? endpoint, string model, string? key, TimeProvider time)
    {
        _endpoint = ReadEndpoint(endpoint ?? DefaultEndpoint);
        _model = model;
        _key = TeacherKey.Read(key);
        _time = time;
        if (_key is null && IsOpenAi(_endpoint))
        {
            throw new KpodException($"{KeyVariable} is not set, and {_endpoint.Host} asks for a key; set it in the environment (it is read from nowhere else), or name another server with --endpoint or {EndpointVariable}.");
        }

        var options = new OpenAIClientOptions { Endpoint = _endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0), NetworkTimeout = Timeout.InfiniteTimeSpan };
        _client = new ChatClient(model, new ApiKeyCredential(_key?.Value ?? NoKey), options);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = ChatMessages.ToRequest(messages, options, _model);
        var body = ChatCompletionBody.Write(request, LimitKey(_endpoint));
        using var content = BinaryContent.Create(BinaryData.FromBytes(body));
        PipelineResponse response;
        try
        {
            var result = await _client.CompleteChatAsync(content, new RequestOptions { ErrorOptions = ClientErrorBehaviors.NoThrow, BufferResponse = false, CancellationToken = cancellationToken }).ConfigureAwait(false);
            response = result.GetRawResponse();
        }
        catch (InvalidOperationException exception)
        {
            // So the client fails over a status beyond 639, before anybody can see it.
            throw new TeacherCallException(TeacherFailure.Setup, "its response has a status that HTTP does not know", innerException: exception);
        }
        catch (Exception exception) when (TeacherErrors.Of(exception) is { } failure)
        {
            throw new TeacherCallException(failure.Failure, WithoutKey(failure.Message), failure.RetryAfter) { IsUnreachable = failure.IsUnreachable };
        }

        using (response)
        {
            return await ReadAsync(response, request, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", _endpoint, _model)
        : serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        // The client shares the process's connections.
    }

    /// <summary>The server's address as options and environment give it.</summary>
    /// <param name="endpoint">The address of the options; null for that of the environment, or OpenAI's own.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <returns>The address.</returns>
    /// <exception cref="KpodException">It is no address of a server.</exception>
    public static Uri EndpointOf(string? endpoint, Func<string, string?> environment) =>
        ReadEndpoint(endpoint ?? (environment(EndpointVariable) is { } given && !string.IsNullOrWhiteSpace(given) ? given.Trim() : DefaultEndpoint));

    /// <summary>What is wrong with an address; said without what may be a key in it.</summary>
    /// <param name="endpoint">The address.</param>
    /// <returns>The rest of a sentence; null where nothing is wrong.</returns>
    internal static string? EndpointFault(string endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            var quote = endpoint.AsSpan().ContainsAny('@', '?', '#') ? string.Empty : $"'{SafeText.OneLine(endpoint)}' ";
            return $"{quote}is no address; it looks like http://localhost:8000/v1.";
        }

        // Not quoted: what stands in front of @ or behind ? may be a key.
        return uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0 && !endpoint.Contains('@', StringComparison.Ordinal) ? null
            : $"on {uri.Host} holds a user or a query; give the address alone, and the key in {KeyVariable}.";
    }

    /// <summary>What a server calls the most tokens of an answer.</summary>
    /// <param name="endpoint">The server's address.</param>
    /// <returns><c>max_completion_tokens</c> for OpenAI and Azure, <c>max_tokens</c> for all others.</returns>
    internal static string LimitKey(Uri endpoint) =>
        IsOpenAi(endpoint) || endpoint.Host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase) ? "max_completion_tokens" : "max_tokens";

    private static bool IsOpenAi(Uri endpoint) => endpoint.Host.Equals("api.openai.com", StringComparison.OrdinalIgnoreCase);

    private static Uri ReadEndpoint(string endpoint) =>
        EndpointFault(endpoint) is { } fault ? throw new KpodException($"the endpoint {fault}") : new Uri(endpoint);

    private async Task<ChatResponse> ReadAsync(PipelineResponse response, TeacherRequest request, CancellationToken cancel)
    {
        var isAnswer = response.Status is >= 200 and < 300;
        var most = isAnswer ? BoundedBody.MostBytes(request.MaximumTokens, request.TopLogProbabilities) : LongestError;
        var encoding = response.Headers.TryGetValue("Content-Encoding", out var packed) ? packed : null;
        string text;
        bool isWhole;
        try
        {
            (text, isWhole) = await BoundedBody.ReadAsync(response.ContentStream ?? Stream.Null, encoding, most, cancel).ConfigureAwait(false);
        }
        catch (Exception exception) when (TeacherErrors.Of(exception) is { } failure)
        {
            throw isAnswer ? failure : TeacherErrors.OfStatus(response.Status, string.Empty, RetryAfter(response), failure);
        }

        if (!isAnswer)
        {
            throw TeacherErrors.OfStatus(response.Status, response.Status == 401 ? string.Empty : ErrorBody.Said(WithoutKey(text)), RetryAfter(response));
        }

        if (!isWhole)
        {
            throw new TeacherCallException(TeacherFailure.Passing, string.Create(CultureInfo.InvariantCulture, $"the response is longer than {most} bytes, more than so many tokens can be"))
            {
                PaidBody = string.Create(CultureInfo.InvariantCulture, $$"""{"note":"the response was longer than {{most}} bytes and was not kept"}"""),
            };
        }

        text = _key?.WithoutInAnswer(text) ?? text;
        try
        {
            return ChatMessages.ToResponse(ChatCompletionBody.Read(text), text);
        }
        catch (TeacherCallException fault) when (fault.InnerException is JsonException && ForeignType(response) is { } type)
        {
            throw new TeacherCallException(TeacherFailure.Passing, $"the response is no JSON but '{type}': {TeacherErrors.Quote(text)}", innerException: fault);
        }
    }

    private static string? ForeignType(PipelineResponse response) =>
        response.Headers.TryGetValue("Content-Type", out var type) && type is not null && !type.Contains("json", StringComparison.OrdinalIgnoreCase) ? TeacherErrors.Quote(type) : null;

    private TimeSpan? RetryAfter(PipelineResponse response)
    {
        if (response.Headers.TryGetValue("retry-after-ms", out var milliseconds) && double.TryParse(milliseconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0)
        {
            return TimeSpan.FromMilliseconds(Math.Min(number, 1000 * LongestWaitSeconds));
        }

        if (!response.Headers.TryGetValue("Retry-After", out var value))
        {
            return null;
        }

        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds >= 0 ? TimeSpan.FromSeconds(Math.Min(seconds, LongestWaitSeconds)) : null;
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out var date) ? TimeSpan.FromTicks(Math.Max(0, (date - _time.GetUtcNow()).Ticks)) : null;
    }

    private string WithoutKey(string text) => _key?.WithoutIn(text) ?? text;
}

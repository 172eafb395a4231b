using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
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

    private static readonly string[] SayingKeys = ["message", "code", "type"];

    private readonly ChatClient _client;
    private readonly string _model;
    private readonly Uri _endpoint;
    private readonly string? _key;
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
        _key = string.IsNullOrWhiteSpace(key) ? null : key.Trim();
        _time = time;
        if (_key is null && IsOpenAi(_endpoint))
        {
            throw new KpodException($"{KeyVariable} is not set, and {_endpoint.Host} asks for a key; set it in the environment (it is read from nowhere else), or name another server with --endpoint or {EndpointVariable}.");
        }

        var options = new OpenAIClientOptions { Endpoint = _endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0), NetworkTimeout = Timeout.InfiniteTimeSpan };
        _client = new ChatClient(model, new ApiKeyCredential(_key ?? NoKey), options);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var body = ChatCompletionBody.Write(ChatMessages.ToRequest(messages, options, _model), LimitKey(_endpoint));
        using var content = BinaryContent.Create(BinaryData.FromBytes(body));
        PipelineResponse response;
        try
        {
            var result = await _client.CompleteChatAsync(content, new RequestOptions { ErrorOptions = ClientErrorBehaviors.NoThrow, CancellationToken = cancellationToken }).ConfigureAwait(false);
            response = result.GetRawResponse();
        }
        catch (Exception exception) when (TeacherErrors.Of(exception) is { } failure)
        {
            throw new TeacherCallException(failure.Failure, WithoutKey(failure.Message), failure.RetryAfter) { IsUnreachable = failure.IsUnreachable };
        }

        var text = WithoutKey(response.Content.ToString());
        if (response.Status != 200)
        {
            throw TeacherErrors.OfStatus(response.Status, response.Status == 401 ? string.Empty : Said(text), RetryAfter(response));
        }

        var type = response.Headers.TryGetValue("Content-Type", out var value) ? value : string.Empty;
        return type!.Contains("json", StringComparison.OrdinalIgnoreCase) ? ChatMessages.ToResponse(ChatCompletionBody.Read(text), text)
            : throw new TeacherCallException(TeacherFailure.Passing, $"the response is no JSON but '{type}': {TeacherErrors.Quote(text)}");
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

    /// <summary>What a server calls the most tokens of an answer.</summary>
    /// <param name="endpoint">The server's address.</param>
    /// <returns><c>max_completion_tokens</c> for OpenAI and Azure, <c>max_tokens</c> for all others.</returns>
    internal static string LimitKey(Uri endpoint) =>
        IsOpenAi(endpoint) || endpoint.Host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase) ? "max_completion_tokens" : "max_tokens";

    private static bool IsOpenAi(Uri endpoint) => endpoint.Host.Equals("api.openai.com", StringComparison.OrdinalIgnoreCase);

    private static Uri ReadEndpoint(string endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new KpodException($"the endpoint '{endpoint}' is no address; it looks like http://localhost:8000/v1.");
        }

        // Not quoted: what stands in front of @ or behind ? may be a key.
        return uri.UserInfo.Length == 0 && uri.Query.Length == 0 ? uri
            : throw new KpodException($"the endpoint on {uri.Host} holds a user or a query; give the address alone, and the key in {KeyVariable}.");
    }

    private static string Said(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var inner) ? inner : document.RootElement;
            return TeacherErrors.Quote(error.ValueKind == JsonValueKind.String ? error.GetString()! : string.Join(
                ' ',
                SayingKeys.Select(key => error.ValueKind == JsonValueKind.Object && error.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
                    ? key == "message" ? value.GetString() : $"({value.GetString()})"
                    : null).OfType<string>()));
        }
        catch (JsonException)
        {
            return TeacherErrors.Quote(body);
        }
    }

    private TimeSpan? RetryAfter(PipelineResponse response)
    {
        if (response.Headers.TryGetValue("retry-after-ms", out var milliseconds) && double.TryParse(milliseconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1e9)
        {
            return TimeSpan.FromMilliseconds(number);
        }

        if (!response.Headers.TryGetValue("Retry-After", out var value))
        {
            return null;
        }

        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds is >= 0 and < 1e6 ? TimeSpan.FromSeconds(seconds) : null;
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out var date) ? TimeSpan.FromTicks(Math.Max(0, (date - _time.GetUtcNow()).Ticks)) : null;
    }

    private string WithoutKey(string text) => _key is null ? text : text.Replace(_key, "[key]", StringComparison.Ordinal);
}

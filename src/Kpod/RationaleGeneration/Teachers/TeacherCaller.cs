using System.Globalization;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Clients;
using Microsoft.Extensions.AI;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>
/// Gets one answer from a chat client: in its turn, with a deadline, again after a failure that passes (with growing, jittered waits, or as long as the server asks), and not at all once the server is
/// plainly down. A call that has started is never broken off by an interruption: its answer is paid for.
/// </summary>
internal sealed class TeacherCaller
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestAskedWait = TimeSpan.FromMinutes(10);

    private const int MostUnreadable = 2;

    private readonly IChatClient _client;
    private readonly TeacherPace _pace;
    private readonly TeacherHealth _health;
    private readonly int _attempts;
    private readonly TimeSpan _deadline;
    private readonly long _seed;
    private readonly TimeProvider _time;

    /// <summary>Makes a caller.</summary>
    /// <param name="client">The teacher.</param>
    /// <param name="options">Limits, deadline and attempts.</param>
    /// <param name="seed">Seed of the jitter.</param>
    /// <param name="time">The clock.</param>
    public TeacherCaller(IChatClient client, TeacherOptions options, long seed, TimeProvider time)
    {
        _client = client;
        _pace = new TeacherPace(options.RequestsPerMinute, options.TokensPerMinute, time);
        _health = new TeacherHealth(time);
        _attempts = options.Attempts;

        // A checkpoint of one's own takes the time that it takes, and what it has written would be lost.
        _deadline = options.Teacher == TeacherKind.Local ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(options.DeadlineSeconds);
        _seed = seed;
        _time = time;
    }

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="stop">Ends waits and starts no further attempt; the attempt under way goes on.</param>
    /// <returns>The answer, without its cost.</returns>
    /// <exception cref="TeacherCallException">The server refuses this request, or all attempts failed.</exception>
    /// <exception cref="KpodException">No request will work before something is changed.</exception>
    /// <exception cref="WorkFailedException">The server is plainly down, or asks to wait for long.</exception>
    public async Task<TeacherAnswer> AskAsync(TeacherRequest request, CancellationToken stop)
    {
        var unreadable = 0;
        for (var attempt = 1; ; attempt++)
        {
            var expected = TokenEstimate.OfPrompt(request) + (request.MaximumTokens ?? 0);
            await _pace.WaitAsync(expected, stop).ConfigureAwait(false);
            try
            {
                var answer = await CallAsync(request).ConfigureAwait(false);
                _health.Answered();
                _pace.Correct((answer.InputTokens ?? 0) + (answer.OutputTokens ?? 0) is > 0 and var taken ? taken - expected : 0);
                return answer;
            }
            catch (Exception exception) when (TeacherErrors.Of(exception) is { } failure)
            {
                if (failure.PaidBody is { } body && (++unreadable == MostUnreadable || attempt == _attempts))
                {
                    _health.Answered();
                    return new TeacherReply(string.Empty, null, null, FinishReasons.Unreadable, null, null, null).ToAnswer(body, seconds: 0, _time.GetUtcNow());
                }

                ThrowIfHopeless(failure);
                if (failure.Failure == TeacherFailure.Request || attempt == _attempts)
                {
                    throw failure;
                }

                await WaitAsync(request, attempt, failure, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task<TeacherAnswer> CallAsync(TeacherRequest request)
    {
        var (messages, options) = ChatMessages.Of(request);
        using var deadline = new CancellationTokenSource(_deadline, _time);
        var started = _time.GetTimestamp();
        try
        {
            var (reply, body) = ChatMessages.ToReply(await _client.GetResponseAsync(messages, options, deadline.Token).ConfigureAwait(false));
            return reply.ToAnswer(body, _time.GetElapsedTime(started).TotalSeconds, _time.GetUtcNow());
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TeacherCallException(TeacherFailure.Passing, string.Create(CultureInfo.InvariantCulture, $"no answer within {_deadline.TotalSeconds:0.###} s"));
        }
    }

    private Task WaitAsync(TeacherRequest request, int attempt, TeacherCallException failure, CancellationToken stop)
    {
        if (failure.RetryAfter is { } asked && asked > TimeSpan.Zero)
        {
            // The server's limit is for all calls together.
            _pace.Pause(asked);
            return Task.CompletedTask;
        }

        var longest = Math.Min(LongestWait.TotalSeconds, FirstWait.TotalSeconds * Math.Pow(2, attempt - 1));
        var share = 0.5 + (0.5 * Seeds.Generator(_seed, $"retry/{request.Hash}", attempt).NextDouble());
        return Task.Delay(TimeSpan.FromSeconds(longest * share), _time, stop);
    }

    private void ThrowIfHopeless(TeacherCallException failure)
    {
        var teacher = (_client.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata)?.ProviderUri is { } uri ? $"The teacher at {uri}" : "The teacher";
        if (failure.Failure == TeacherFailure.Setup)
        {
            throw new KpodException($"{teacher} cannot be asked: {failure.Message}. {Mend(failure.Message)} What arrived before is kept; the same command goes on from there.", failure);
        }

        if (failure.RetryAfter > LongestAskedWait)
        {
            throw new WorkFailedException(string.Create(CultureInfo.InvariantCulture, $"{teacher} asks to wait {failure.RetryAfter.Value.TotalMinutes:0} minutes ({failure.Message}). What arrived is kept; run the same command again then."), failure);
        }

        if (_health.IsDownAfter(failure))
        {
            throw failure.Failure == TeacherFailure.Request
                ? new KpodException($"{teacher} refuses every request: {failure.Message}. Change what it names, and run the same command again.", failure)
                : new WorkFailedException($"{teacher} is down: {failure.Message}. What arrived is kept; run the same command again when it is up, or see --endpoint.", failure);
        }
    }

    private static string Mend(string message) => message switch
    {
        _ when message.StartsWith("HTTP 401", StringComparison.Ordinal) || message.StartsWith("HTTP 403", StringComparison.Ordinal) => $"See that {OpenAiChatClient.KeyVariable} is set and right for this server.",
        _ when message.StartsWith("HTTP 404", StringComparison.Ordinal) => "See the model's name and the endpoint, which ends in /v1 with most servers.",
        _ when message.StartsWith("HTTP 402", StringComparison.Ordinal) || message.StartsWith("HTTP 429", StringComparison.Ordinal) => "See to the account there.",
        _ when message.StartsWith(TeacherErrors.CertificateMark, StringComparison.Ordinal) => "Have this machine trust it (on Linux SSL_CERT_FILE names a file of trusted ones), or ask the server without https where the way to it is safe.",
        _ when message.StartsWith("HTTP 407", StringComparison.Ordinal) => "See the proxy that HTTPS_PROXY or HTTP_PROXY names, and its user and password.",
        _ => $"See --endpoint or {OpenAiChatClient.EndpointVariable}.",
    };
}

using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kpod.Testing;

/// <summary>A real HTTP server on loopback that speaks OpenAI's chat completions and misbehaves on order. It counts what it is asked and what it is paid for.</summary>
public sealed class TeacherServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Func<TeacherServerCall, TeacherServerReply> _script;
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private int _inFlight;
    private int _mostInFlight;
    private int _numbers;

    private TeacherServer(WebApplication application, Func<TeacherServerCall, TeacherServerReply> script)
    {
        _application = application;
        _script = script;
    }

    /// <summary>The server's address up to <c>/v1</c>.</summary>
    public string Endpoint => $"{_application.Urls.First()}/v1";

    /// <summary>All calls in the order in which they came.</summary>
    public ConcurrentQueue<TeacherServerCall> Calls { get; } = new();

    /// <summary>How often each body got a whole answer.</summary>
    public ConcurrentDictionary<string, int> Paid { get; } = new();

    /// <summary>The most calls at the same time.</summary>
    public int MostInFlight => _mostInFlight;

    /// <summary>Starts a server.</summary>
    /// <param name="script">Decides what a call gets.</param>
    /// <returns>The server; the caller disposes of it.</returns>
    public static async Task<TeacherServer> StartAsync(Func<TeacherServerCall, TeacherServerReply> script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // On a machine that is short of time a slow call is no attack.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        var application = builder.Build();
        var server = new TeacherServer(application, script);
        application.MapPost("/v1/chat/completions", server.AnswerAsync);
        await application.StartAsync();
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        using var document = JsonDocument.Parse(body);
        var prompt = document.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
        var call = new TeacherServerCall(Interlocked.Increment(ref _numbers) - 1, _attempts.AddOrUpdate(body, 0, (_, before) => before + 1), prompt, body, context.Request.Headers.Authorization);
        Calls.Enqueue(call);
        var inFlight = Interlocked.Increment(ref _inFlight);
        lock (Calls)
        {
            _mostInFlight = Math.Max(_mostInFlight, inFlight);
        }

        try
        {
            await SendAsync(context, body, _script(call));
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task SendAsync(HttpContext context, string body, TeacherServerReply reply)
    {
        if (reply.Delay > TimeSpan.Zero)
        {
            await Task.Delay(reply.Delay);
        }

        await (reply.After ?? Task.CompletedTask).WaitAsync(_application.Lifetime.ApplicationStopping);
        var bytes = System.Text.Encoding.UTF8.GetBytes(reply.Body);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType.Length == 0 ? null : reply.ContentType;
        if (reply.ContentEncoding is { } encoding)
        {
            context.Response.Headers.ContentEncoding = encoding;
        }

        context.Response.ContentLength = bytes.Length;
        if (reply.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = wait;
        }

        // Counted before it is sent: a client that is killed while it reads pays all the same.
        if (reply.IsPaid && reply.Sent >= 1)
        {
            Paid.AddOrUpdate(body, 1, (_, before) => before + 1);
        }

        await context.Response.Body.WriteAsync(bytes.AsMemory(0, (int)(bytes.Length * Math.Min(1, reply.Sent))));
        await context.Response.Body.FlushAsync();
        if (reply.Sent < 1)
        {
            context.Abort();
        }
    }
}

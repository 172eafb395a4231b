using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Clients;
using Kpod.Testing;
using Microsoft.Extensions.AI;

namespace Kpod.Tests.RationaleGeneration.Teachers.Clients;

/// <summary>What a misbehaving server is taken for.</summary>
public sealed class OpenAiChatClientTests
{
    private const string Key = "sk-4711";

    public static TheoryData<string, TeacherServerReply, TeacherFailure, string, double?> Faults() => new()
    {
        { "429 with seconds", TeacherServerReply.Error(429, "slow down", "rate_limit_exceeded", "7"), TeacherFailure.TooFast, "HTTP 429: slow down (rate_limit_exceeded) (error)", 7 },
        { "429 with a date", TeacherServerReply.Error(429, "slow down", "rate_limit_exceeded", "Thu, 01 Jan 1970 00:01:30 GMT"), TeacherFailure.TooFast, "HTTP 429: slow down (rate_limit_exceeded) (error)", 90 },
        { "429 without", TeacherServerReply.Error(429, "slow down", "rate_limit_exceeded"), TeacherFailure.TooFast, "HTTP 429: slow down (rate_limit_exceeded) (error)", null },
        { "429 with nonsense", TeacherServerReply.Error(429, "slow down", "rate_limit_exceeded", "soon"), TeacherFailure.TooFast, "HTTP 429: slow down (rate_limit_exceeded) (error)", null },
        { "no money", TeacherServerReply.Error(429, "pay first", "insufficient_quota"), TeacherFailure.Setup, "HTTP 429: pay first (insufficient_quota) (error)", null },
        { "500", TeacherServerReply.Error(500), TeacherFailure.Passing, "HTTP 500: something went wrong (server_error) (error)", null },
        { "502 with a page", new TeacherServerReply(502, "<html>\n<h1>Bad\ngateway</h1>", "text/html"), TeacherFailure.Passing, "HTTP 502: <html> <h1>Bad gateway</h1>", null },
        { "401 with the key", TeacherServerReply.Error(401, $"wrong key {Key}"), TeacherFailure.Setup, "HTTP 401", null },
        { "404", TeacherServerReply.Error(404, "no such model", "model_not_found"), TeacherFailure.Setup, "HTTP 404: no such model (model_not_found) (error)", null },
        { "400 with the key", TeacherServerReply.Error(400, $"bad {Key}", "x"), TeacherFailure.Request, "HTTP 400: bad [key] (x) (error)", null },
        { "400 of FastAPI", new TeacherServerReply(422, """{"detail":"no"}"""), TeacherFailure.Request, "HTTP 422", null },
        { "error as a text", new TeacherServerReply(503, """{"error":"loading model"}"""), TeacherFailure.Passing, "HTTP 503: loading model", null },
        { "half JSON", new TeacherServerReply(200, """{"id":"x","choices":[{"mess"""), TeacherFailure.Passing, "the response is no whole JSON (", null },
        { "no JSON type", new TeacherServerReply(200, "<html>Sign in</html>", "text/html"), TeacherFailure.Passing, "the response is no JSON but 'text/html': <html>Sign in</html>", null },
        { "no choices", new TeacherServerReply(200, """{"id":"x","choices":[]}"""), TeacherFailure.Passing, """the response has no choice in it: {"id":"x","choices":[]}""", null },
        { "no completion", new TeacherServerReply(200, """[1]"""), TeacherFailure.Passing, "the response is no chat completion: [1]", null },
        { "null message", new TeacherServerReply(200, """{"choices":[{"message":null}]}"""), TeacherFailure.Passing, "the response has no choice in it", null },
        { "cut", TeacherServerReply.Answer("a long answer") with { Sent = 0.5 }, TeacherFailure.Passing, string.Empty, null },
        { "cut at once", TeacherServerReply.Answer("a long answer") with { Sent = 0 }, TeacherFailure.Passing, string.Empty, null },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_told_apart_and_nothing_is_retried_behind_our_back(string what, TeacherServerReply reply, TeacherFailure failure, string message, double? retryAfter)
    {
        await using var server = await TeacherServer.StartAsync(_ => reply);
        using var client = new OpenAiChatClient(server.Endpoint, "m", Key, new JumpTime(TimeSpan.Zero));
        var thrown = await Assert.ThrowsAsync<TeacherCallException>(() => client.GetResponseAsync([new ChatMessage(ChatRole.User, "Q")], cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(thrown.Failure == failure, $"{what}: {thrown.Failure}");
        Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(retryAfter, thrown.RetryAfter?.TotalSeconds);
        Assert.DoesNotContain(Key, thrown.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task Whatever_servers_add_or_leave_out_an_answer_is_read()
    {
        var bodies = new Queue<(string Body, TeacherReply Expected)>(
        [
            ("""{"choices":[{"message":{"content":"yes"}}]}""", new("yes", null, null, null, null, null, null)),
            ("""{"model":"m2","choices":[{"finish_reason":"stop","message":{"role":"assistant","content":null,"reasoning":"hm"}}],"usage":null}""", new(string.Empty, "hm", null, "stop", "m2", null, null)),
            ("""{"choices":[{"finish_reason":"eos_token","message":{"content":[{"type":"text","text":"a"},{"type":"image"},{"type":"text","text":"b"}]}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}""", new("ab", null, null, "eos_token", null, 3, 4)),
        ]);
        await using var server = await TeacherServer.StartAsync(_ => new TeacherServerReply(200, bodies.Peek().Body, "application/json; charset=utf-8"));
        using var client = new OpenAiChatClient(server.Endpoint, "m", Key, TimeProvider.System);
        while (bodies.Count > 0)
        {
            var (reply, body) = ChatMessages.ToReply(await client.GetResponseAsync([new ChatMessage(ChatRole.User, "Q")], cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal(bodies.Peek().Expected, reply);
            Assert.Equal(bodies.Dequeue().Body, body);
        }
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "max_completion_tokens")]
    [InlineData("https://me.openai.azure.com/openai/v1/", "max_completion_tokens")]
    [InlineData("http://localhost:11434/v1", "max_tokens")]
    public void The_most_tokens_are_called_as_the_server_knows_them(string endpoint, string key) => Assert.Equal(key, OpenAiChatClient.LimitKey(new Uri(endpoint)));

    [Fact]
    public async Task A_server_without_keys_is_asked_without_one()
    {
        await using var server = await TeacherServer.StartAsync(_ => TeacherServerReply.Answer("yes"));
        using var client = new OpenAiChatClient(server.Endpoint, "m", " ", TimeProvider.System);
        Assert.Equal("yes", (await client.GetResponseAsync([new ChatMessage(ChatRole.User, "Q")], cancellationToken: TestContext.Current.CancellationToken)).Text);
        Assert.Equal("Bearer none", server.Calls.Single().Authorization);
    }
}

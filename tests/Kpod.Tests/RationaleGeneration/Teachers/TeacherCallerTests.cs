using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.Testing;
using Microsoft.Extensions.AI;

namespace Kpod.Tests.RationaleGeneration.Teachers;

public sealed class TeacherCallerTests
{
    private static readonly TeacherRequest Request = new() { Model = "m", Messages = [new PromptMessage(PromptRole.User, "Q")], MaximumTokens = 100 };

    private readonly JumpTime _time = new(TimeSpan.FromHours(1));

    [Fact]
    public async Task A_wait_that_the_server_asks_for_is_kept_to()
    {
        var (starts, answer) = await AskAsync(new TeacherCallException(TeacherFailure.TooFast, "HTTP 429", TimeSpan.FromSeconds(17)), new TeacherCallException(TeacherFailure.Passing, "HTTP 503", TimeSpan.FromSeconds(3)));
        Assert.Equal([0, 17, 20], starts);
        Assert.Equal("done", answer.Text);
    }

    [Fact]
    public async Task Waits_double_with_jitter_up_to_a_minute_and_are_the_same_for_the_same_seed()
    {
        Exception[] failures = [.. Enumerable.Repeat(new TeacherCallException(TeacherFailure.TooFast, "HTTP 429"), 9)];
        var (starts, _) = await AskAsync(failures);
        double[] waits = [.. starts.Zip(starts.Skip(1), (a, b) => b - a)];
        for (var attempt = 0; attempt < waits.Length; attempt++)
        {
            var longest = Math.Min(60, Math.Pow(2, attempt));
            Assert.InRange(waits[attempt], longest / 2, longest);
        }

        Assert.Equal(starts, (await AskAsync(failures)).Starts.Select(start => start - starts[^1]), (a, b) => Math.Abs(a - b) < 1e-6);
        var other = await AskAsync(failures, seed: 2);
        Assert.NotEqual(waits[0], other.Starts[1] - other.Starts[0], 1e-6);
    }

    [Fact]
    public async Task After_all_attempts_the_last_failure_is_told()
    {
        var calls = 0;
        var caller = Caller(_ => throw new TeacherCallException(TeacherFailure.TooFast, $"failure {++calls}"), Options with { Attempts = 3 });
        Assert.Equal("failure 3", (await Assert.ThrowsAsync<TeacherCallException>(() => caller.AskAsync(Request, TestContext.Current.CancellationToken))).Message);
    }

    [Fact]
    public async Task A_refused_request_is_not_sent_again()
    {
        var calls = 0;
        var caller = Caller(_ => throw new TeacherCallException(TeacherFailure.Request, $"failure {++calls}"));
        Assert.Equal("failure 1", (await Assert.ThrowsAsync<TeacherCallException>(() => caller.AskAsync(Request, TestContext.Current.CancellationToken))).Message);
    }

    [Fact]
    public async Task A_server_that_wants_a_long_wait_ends_the_work_with_its_words()
    {
        var caller = Caller(_ => throw new TeacherCallException(TeacherFailure.TooFast, "HTTP 429: daily limit", TimeSpan.FromHours(3)));
        var failure = await Assert.ThrowsAsync<WorkFailedException>(() => caller.AskAsync(Request, TestContext.Current.CancellationToken));
        Assert.Equal("The teacher asks to wait 180 minutes (HTTP 429: daily limit). What arrived is kept; run the same command again then.", failure.Message);
    }

    [Fact]
    public async Task A_server_that_breaks_down_for_good_ends_the_work_but_not_one_that_starts_anew()
    {
        // It answers once, and then is gone: each call fails until a minute has passed with ten failures.
        var calls = 0;
        var caller = Caller(_ => calls++ == 0 ? Task.FromResult(ScriptedChatClient.Answer("once")) : throw new HttpRequestException("connection reset"), Options with { Attempts = 1000 });
        await caller.AskAsync(Request, TestContext.Current.CancellationToken);
        var down = await Assert.ThrowsAsync<WorkFailedException>(() => caller.AskAsync(Request with { Sample = 1 }, TestContext.Current.CancellationToken));
        Assert.StartsWith("The teacher is down: connection reset. What arrived is kept;", down.Message, StringComparison.Ordinal);
        Assert.Equal(11, calls);
        Assert.InRange(_time.Now.TotalSeconds, 60, 400);

        var back = 0;
        var anew = Caller(_ => back++ < 9 ? throw new HttpRequestException("connection reset") : Task.FromResult(ScriptedChatClient.Answer("back")), Options with { Attempts = 1000 });
        Assert.Equal("back", (await anew.AskAsync(Request, TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task A_server_that_refuses_every_request_from_the_first_is_not_asked_on_and_on()
    {
        var calls = 0;
        var caller = Caller(_ => throw new TeacherCallException(TeacherFailure.Request, $"HTTP 400: no such parameter {++calls}"));
        for (var number = 0; number < 4; number++)
        {
            await Assert.ThrowsAsync<TeacherCallException>(() => caller.AskAsync(Request with { Sample = number }, TestContext.Current.CancellationToken));
        }

        var fault = await Assert.ThrowsAsync<KpodException>(() => caller.AskAsync(Request with { Sample = 5 }, TestContext.Current.CancellationToken));
        Assert.Equal("The teacher refuses every request: HTTP 400: no such parameter 5. Change what it names, and run the same command again.", fault.Message);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_tried_again()
    {
        var caller = new TeacherCaller(
            new ScriptedChatClient(async (call, cancel) =>
            {
                await Task.Delay(call == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancel);
                return ScriptedChatClient.Answer("in time");
            }),
            Options with { DeadlineSeconds = 30 },
            seed: 1,
            new QuickTime(300));
        Assert.Equal("in time", (await caller.AskAsync(Request, TestContext.Current.CancellationToken)).Text);
        var never = new TeacherCaller(
            new ScriptedChatClient(async (_, cancel) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
                return ScriptedChatClient.Answer("never");
            }),
            Options with { DeadlineSeconds = 30.5, Attempts = 2 },
            seed: 1,
            new QuickTime(300));
        Assert.Equal("no answer within 30.5 s", (await Assert.ThrowsAsync<TeacherCallException>(() => never.AskAsync(Request, TestContext.Current.CancellationToken))).Message);
    }

    [Fact]
    public async Task A_fault_in_a_clients_own_program_is_not_taken_for_a_bad_server()
    {
        var caller = Caller(_ => throw new InvalidOperationException("a slip"));
        Assert.Equal("a slip", (await Assert.ThrowsAsync<InvalidOperationException>(() => caller.AskAsync(Request, TestContext.Current.CancellationToken))).Message);
    }

    [Fact]
    public async Task An_answer_of_any_client_is_kept_with_its_whole_response()
    {
        var caller = Caller(_ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("hm"), new TextContent("3 + "), new TextContent("4 = 7.")]))
        {
            ModelId = "m-2",
            FinishReason = ChatFinishReason.Length,
            Usage = new UsageDetails { InputTokenCount = 5, OutputTokenCount = 6 },
        }));
        var answer = await caller.AskAsync(Request, TestContext.Current.CancellationToken);
        Assert.Equal(("3 + 4 = 7.", "hm", "m-2", "length", 5L, 6L), (answer.Text, answer.Reasoning, answer.Model, answer.FinishReason, answer.InputTokens, answer.OutputTokens));
        Assert.Contains("3 + ", answer.Raw, StringComparison.Ordinal);
        Assert.Null(answer.Refusal);
    }

    [Fact]
    public async Task An_interruption_ends_waits_but_not_a_call()
    {
        using var stop = new CancellationTokenSource();
        var caller = Caller(async cancel =>
        {
            await stop.CancelAsync();
            await Task.Yield();
            Assert.False(cancel.IsCancellationRequested);
            return ScriptedChatClient.Answer("paid for");
        });
        Assert.Equal("paid for", (await caller.AskAsync(Request, stop.Token)).Text);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller.AskAsync(Request, stop.Token));
    }

    private static TeacherOptions Options { get; } = new() { Teacher = TeacherKind.OpenAi, Model = "m", Store = "none", DeadlineSeconds = 80_000, Attempts = 20 };

    private TeacherCaller Caller(Func<CancellationToken, Task<ChatResponse>> script, TeacherOptions? options = null, long seed = 1) =>
        new(new ScriptedChatClient((_, cancel) => script(cancel)), options ?? Options, seed, _time);

    private async Task<(double[] Starts, TeacherAnswer Answer)> AskAsync(params Exception[] failures) => await AskAsync(failures, seed: 1);

    private async Task<(double[] Starts, TeacherAnswer Answer)> AskAsync(Exception[] failures, long seed)
    {
        var starts = new List<double>();
        var caller = Caller(
            _ =>
            {
                starts.Add(_time.Now.TotalSeconds);
                return starts.Count <= failures.Length ? throw failures[starts.Count - 1] : Task.FromResult(ScriptedChatClient.Answer("done"));
            },
            seed: seed);
        var answer = await caller.AskAsync(Request, TestContext.Current.CancellationToken);
        return ([.. starts], answer);
    }
}

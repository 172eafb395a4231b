using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Testing;
using static Kpod.Tests.RationaleGeneration.Teachers.TeacherTestBed;

namespace Kpod.Tests.RationaleGeneration.Teachers;

/// <summary>From questions through a real server and the store to rationales.</summary>
public sealed class RationaleGeneratorTests
{
    [Fact]
    public async Task Every_sample_is_a_request_of_its_own_and_a_second_run_sends_none()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TeacherServer.StartAsync(Right);
        var options = Options(server, folder.PathOf("answers.db")) with { Samples = 3 };
        var first = await AskAsync(options, Questions(4));
        Assert.Equal(12, server.Calls.Count);
        Assert.Equal(12, server.Paid.Count);
        Assert.All(first.Rationales.Values, samples => Assert.Equal(3, samples.Count));
        Assert.Equal("2 + 1 = 3. Therefore, the answer is 3.", first.Rationales["q2"][1].Text);
        Assert.Equal(("fake-model", "stop", 20L), (first.Rationales["q2"][1].Teacher, first.Rationales["q2"][1].FinishReason, first.Rationales["q2"][1].OutputTokens));
        Assert.Equal((12, 12, 120, 240), (first.Usage.Answers, first.Usage.Asked, first.Usage.InputTokens, first.Usage.OutputTokens));

        var second = await AskAsync(options, Questions(4));
        Assert.Equal(12, server.Calls.Count);
        Assert.Equal(0, second.Usage.Asked);
        Assert.Equal(first.Rationales.SelectMany(pair => pair.Value), second.Rationales.SelectMany(pair => pair.Value));
    }

    [Fact]
    public async Task What_is_sent_is_the_prompt_and_the_settings()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TeacherServer.StartAsync(Right);
        await AskAsync(Options(server, folder.PathOf("answers.db")) with { Samples = 2, TopP = 0.9, TopLogProbabilities = 5, Concurrency = 1, MaximumTokens = 300 }, Questions(1));
        var call = server.Calls.Last();
        Assert.Equal(
            """{"model":"fake-model","messages":[{"role":"user","content":"Q: What is 0 + 1? A: Let's think step by step."}],"temperature":0.7,"top_p":0.9,"max_tokens":300,"seed":2,"logprobs":true,"top_logprobs":5}""",
            call.Body);
        Assert.Equal($"Bearer {Key}", call.Authorization);
        using var store = TeacherStore.OpenToRead(folder.PathOf("answers.db"));
        var stored = store.All().Last();
        Assert.Equal(TeacherServerReply.Answer("0 + 1 = 1. Therefore, the answer is 1.").Body, stored.Answer.Raw);
        Assert.Equal("fake-model-0126", stored.Answer.Model);
    }

    [Fact]
    public async Task The_same_question_twice_is_sent_once()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TeacherServer.StartAsync(call => Right(call) with { Delay = TimeSpan.FromMilliseconds(50) });
        var question = Questions(1)[0];
        var result = await AskAsync(Options(server, folder.PathOf("answers.db")), [question, question with { Id = "again" }]);
        Assert.Single(server.Calls);
        Assert.Equal(result.Rationales["q0"], result.Rationales["again"]);
        Assert.Equal(1, result.Usage.Answers);
    }

    [Fact]
    public async Task Wrong_answers_are_asked_again_until_one_is_right_or_the_limit_is_reached()
    {
        using var folder = new TemporaryFolder();

        // Question 0 is right at once, 1 at its fourth sample (seed 4), 2 never; 3 is right but cut off.
        await using var server = await TeacherServer.StartAsync(call => (call.Prompt, call.Body) switch
        {
            var (prompt, body) when prompt.Contains("1 + 1", StringComparison.Ordinal) && !body.Contains("\"seed\":4", StringComparison.Ordinal) => TeacherServerReply.Answer("It is 77."),
            var (prompt, _) when prompt.Contains("2 + 1", StringComparison.Ordinal) => TeacherServerReply.Answer("I do not know."),
            var (prompt, _) when prompt.Contains("3 + 1", StringComparison.Ordinal) => TeacherServerReply.Answer("3 + 1 is 4", "length"),
            _ => Right(call),
        });
        var result = await AskAsync(Options(server, folder.PathOf("answers.db")) with { Samples = 2, Resamples = 3 }, Questions(4));
        Assert.Equal([2, 4, 5, 5], Enumerable.Range(0, 4).Select(number => result.Rationales[$"q{number}"].Count));
        Assert.Equal(16, server.Calls.Count);
        Assert.Equal(5, result.Usage.FinishReasons["length"]);
    }

    [Fact]
    public async Task Two_turns_ask_for_the_answer_behind_the_rationale()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TeacherServer.StartAsync(call => call.Prompt == "Therefore, the answer is" ? TeacherServerReply.Answer(" 1.", outputTokens: 2)
            : call.Prompt.Contains("1 + 1", StringComparison.Ordinal) ? TeacherServerReply.Answer("It is cut", "length") : TeacherServerReply.Answer("Nothing and one more."));
        var result = await AskAsync(Options(server, folder.PathOf("answers.db")) with { Prompt = PromptKind.TwoTurn }, Questions(2));
        var whole = Assert.Single(result.Rationales["q0"]);
        Assert.Equal(("Nothing and one more.", "Nothing and one more. Therefore, the answer is 1.", 22L), (whole.Text, whole.Original, whole.OutputTokens));
        Assert.Equal("length", Assert.Single(result.Rationales["q1"]).FinishReason);
        Assert.Equal(3, server.Calls.Count);
        Assert.Contains(
            """[{"role":"user","content":"Q: What is 0 + 1? A: Let's think step by step."},{"role":"assistant","content":"Nothing and one more."},{"role":"user","content":"Therefore, the answer is"}]""",
            server.Calls.Single(call => call.Prompt == "Therefore, the answer is").Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_thoughts_filters_and_empty_answers_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TeacherServer.StartAsync(call => call.Prompt[11] switch
        {
            '0' => TeacherServerReply.Answer(string.Empty, more: ",\"refusal\":\"I will not.\""),
            '1' => TeacherServerReply.Answer("1 + 1 = 2.", more: ",\"reasoning_content\":\"Hm, two.\""),
            '2' => TeacherServerReply.Answer("<think>\nThree, surely.\n</think>\n\n2 + 1 = 3."),
            '3' => TeacherServerReply.Answer(string.Empty),
            '4' => TeacherServerReply.Answer("4 +", "content_filter"),
            '5' => TeacherServerReply.Error(400, "too long for the context", "context_length_exceeded"),
            _ => TeacherServerReply.Answer("6 + 1 = 7.", "abort_by_owner"),
        });
        var options = Options(server, folder.PathOf("answers.db")) with { Concurrency = 1 };
        var result = await AskAsync(options, Questions(7));
        var kept = new Kpod.RationaleGeneration.RationaleFilter(new(), (_, _) => (9, null), 1).Apply(Questions(7), result.Rationales);
        Assert.Equal(
            ["refused by the teacher", null, null, "empty", "stopped by the server's content filter", "the server refused the request", null], kept.Select(rationale => rationale.DropReason));
        Assert.Equal(["I will not.", null, null, null, null, "HTTP 400: too long for the context (context_length_exceeded) (error)", null], kept.Select(rationale => rationale.Raw));
        Assert.Equal("2 + 1 = 3.", kept[2].Text);
        using var store = TeacherStore.OpenToRead(options.Store);
        Assert.Equal(["Hm, two.", "Three, surely."], store.All().Select(stored => stored.Answer.Reasoning).OfType<string>());
        Assert.Equal(6, store.Count);
        Assert.Equal("abort_by_owner", store.All().Last().Answer.FinishReason);
    }

    [Fact]
    public async Task A_replay_needs_no_server_and_names_what_it_lacks()
    {
        using var folder = new TemporaryFolder();
        var options = Options(null, folder.PathOf("answers.db")) with { Samples = 2 };
        await using (var server = await TeacherServer.StartAsync(Right))
        {
            await AskAsync(options with { Endpoint = server.Endpoint }, Questions(3));
        }

        var replayed = await AskAsync(options with { Replay = true, Endpoint = "http://127.0.0.1:9/v1" }, Questions(3));
        Assert.Equal((6, 0), (replayed.Usage.Answers, replayed.Usage.Asked));
        var fault = await Assert.ThrowsAsync<KpodException>(() => AskAsync(options with { Replay = true }, Questions(4)));
        Assert.Equal($"{options.Store}: has no answer for 2 of the samples (q3#0, q3#1); run the same command without --replay to ask for them.", fault.Message);
    }

    [Fact]
    public async Task No_more_calls_are_in_flight_than_allowed()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TeacherServer.StartAsync(call => Right(call) with { Delay = TimeSpan.FromMilliseconds(20) });
        await AskAsync(Options(server, folder.PathOf("answers.db")) with { Concurrency = 3 }, Questions(20));
        Assert.Equal(3, server.MostInFlight);
    }
}

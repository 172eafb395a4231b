using Kpod.Testing;
using static Kpod.Tests.RationaleGeneration.Teachers.TeacherTestBed;

namespace Kpod.Tests.RationaleGeneration.Teachers;

/// <summary>Everything goes wrong at once.</summary>
public sealed class StormTests
{
    [Fact]
    public async Task A_thousand_questions_with_three_samples_end_complete_and_each_is_paid_once()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TeacherServer.StartAsync(call => Weather(call.Body, call.Attempt) switch
        {
            0 => TeacherServerReply.Error(429, "slow down", "rate_limit_exceeded", "1"),
            1 => TeacherServerReply.Error(429, "slow down", "rate_limit_exceeded"),
            2 => TeacherServerReply.Error(500),
            3 => new TeacherServerReply(502, "<html>Bad gateway</html>", "text/html"),
            4 => Right(call) with { Sent = 0.5 },
            5 => Right(call) with { Sent = 0 },
            6 => new TeacherServerReply(200, Right(call).Body[..60]),
            7 => new TeacherServerReply(200, "<html>Sign in</html>", "text/html"),
            8 => new TeacherServerReply(200, """{"id":"x","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":0}}"""),
            9 => Right(call) with { Delay = TimeSpan.FromMilliseconds(30) },
            10 => TeacherServerReply.Answer(string.Empty, more: ",\"refusal\":\"No.\""),
            11 => TeacherServerReply.Answer("It is c", "length"),
            12 => TeacherServerReply.Answer("Surely. The answer is 5000.", more: ",\"reasoning_content\":\"hm\""),
            _ => Right(call),
        });
        var questions = Questions(1000);
        var result = await AskAsync(Options(server, folder.PathOf("answers.db")) with { Samples = 3, Concurrency = 32, Attempts = 30 }, questions);

        Assert.Equal(3000, server.Paid.Count);
        Assert.All(server.Paid.Values, times => Assert.Equal(1, times));
        Assert.InRange(server.Calls.Count, 4000, 8000);
        Assert.InRange(server.MostInFlight, 2, 32);
        Assert.Equal(1000, result.Rationales.Count);
        Assert.All(result.Rationales.Values, samples => Assert.Equal(3, samples.Count));
        Assert.Equal(3000, result.Usage.Answers);

        var kept = new Kpod.RationaleGeneration.RationaleFilter(new() { PerQuestion = 3 }, (_, _) => (null, null), 1).Apply(questions, result.Rationales);
        var byReason = kept.CountBy(rationale => rationale.DropReason ?? "kept").ToDictionary();
        Assert.All(["refused by the teacher", "cut off by the teacher's length limit", "wrong answer"], reason => Assert.InRange(byReason[reason], 50, 400));
        Assert.All(kept.Where(rationale => rationale.DropReason is null), rationale => Assert.True(rationale is { Correct: true, FinishReason: "stop" }));

        var again = await AskAsync(Options(null, folder.PathOf("answers.db")) with { Samples = 3, Replay = true }, questions);
        Assert.Equal(result.Rationales.SelectMany(pair => pair.Value), again.Rationales.SelectMany(pair => pair.Value));
    }

    // What a call meets follows from its body and attempt, so that the storm is the same each time. Half of the calls meet nothing.
    private static int Weather(string body, int attempt) =>
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{attempt} {body}"))[0] % 26;
}

using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Rationales;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Testing;
using Microsoft.Data.Sqlite;
using static Kpod.Tests.RationaleGeneration.Teachers.TeacherTestBed;

namespace Kpod.Tests.RationaleGeneration.Teachers;

/// <summary>One odd answer costs its own sample at the most: the others go on, it is bought twice and never again, and no answer is read out of the words of an error.</summary>
public sealed class OddAnswerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"choices":[null]}""")]
    [InlineData("""{"choices":[{"message":"2"}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[],"usage":{"completion_tokens":7}}""")]
    public async Task What_is_paid_and_cannot_be_read_is_kept_and_dropped(string body)
    {
        await using var server = await TeacherServer.StartAsync(call => call.Prompt[11] == '1' ? new TeacherServerReply(200, body) : Right(call));
        var options = Options(server, _folder.PathOf("answers.db"));
        for (var run = 0; run < 2; run++)
        {
            var kept = Filter((await AskAsync(options, Questions(3))).Rationales, 3);
            Assert.Equal([null, "the server's response could not be read", null], kept.Select(rationale => rationale.DropReason));
            Assert.Equal(4, server.Calls.Count);
        }

        using var store = TeacherStore.OpenToRead(options.Store);
        Assert.Equal(body, store.All().Single(stored => stored.Answer.FinishReason == "unreadable").Answer.Raw);
    }

    [Fact]
    public async Task A_response_of_many_megabytes_is_not_kept_and_not_bought_again()
    {
        await using var server = await TeacherServer.StartAsync(_ => TeacherServerReply.Answer(new string('x', 30_000_000)));
        var options = Options(server, _folder.PathOf("answers.db"));
        Assert.Equal(["the server's response could not be read"], Filter((await AskAsync(options, Questions(1))).Rationales, 1).Select(rationale => rationale.DropReason));
        await AskAsync(options, Questions(1));
        Assert.Equal(2, server.Calls.Count);
        Assert.InRange(new FileInfo(options.Store).Length, 1, 100_000);
    }

    [Fact]
    public async Task An_answer_that_broke_off_with_an_error_is_asked_for_again_and_not_stored()
    {
        await using var server = await TeacherServer.StartAsync(call => call.Attempt == 0 ? TeacherServerReply.Answer("0 + 1 =", "error") : Right(call));
        var options = Options(server, _folder.PathOf("answers.db"));
        Assert.Equal([null], Filter((await AskAsync(options, Questions(1))).Rationales, 1).Select(rationale => rationale.DropReason));
        Assert.Equal(2, server.Calls.Count);
    }

    [Fact]
    public async Task No_answer_is_read_out_of_an_error_or_a_refusal()
    {
        await using var server = await TeacherServer.StartAsync(call => call.Prompt[11] == '0' ? TeacherServerReply.Error(400, "at most 1 of them", "x") : TeacherServerReply.Answer(string.Empty, more: ",\"refusal\":\"I will not say 2.\""));
        var rationales = Filter((await AskAsync(Options(server, _folder.PathOf("answers.db")) with { Concurrency = 1 }, Questions(2))).Rationales, 2);
        Assert.All(rationales, rationale => Assert.Equal((null, false), (rationale.ExtractedAnswer, rationale.Correct)));
    }

    [Theory]
    [InlineData("cost = 9e999", "cost is ")]
    [InlineData("seconds = -1", "seconds is -1")]
    [InlineData("output_tokens = -5", "output_tokens is -5")]
    [InlineData("arrived_at = 'yesterday'", "'yesterday'")]
    [InlineData("sample = 99999999999", "overflow")]
    [InlineData("messages = '[null]'", "holds null in a list")]
    public async Task A_cell_that_was_changed_is_named_with_its_row(string change, string message)
    {
        var options = Options(null, _folder.PathOf("answers.db"));
        await using (var server = await TeacherServer.StartAsync(Right))
        {
            await AskAsync(options with { Endpoint = server.Endpoint }, Questions(1));
        }

        using (var connection = new SqliteConnection($"Data Source={options.Store};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"UPDATE answers SET {change}";
            command.ExecuteNonQuery();
        }

        var fault = await Assert.ThrowsAsync<KpodException>(() => AskAsync(options with { Replay = true }, Questions(1)));
        Assert.Contains($"{options.Store}, row 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_was_cut_anywhere_is_one_message()
    {
        var options = Options(null, _folder.PathOf("answers.db"));
        await using (var server = await TeacherServer.StartAsync(Right))
        {
            await AskAsync(options with { Endpoint = server.Endpoint }, Questions(20));
        }

        var whole = File.ReadAllBytes(options.Store);
        for (var length = 0; length < whole.Length; length += 997)
        {
            var cut = _folder.PathOf($"cut-{length}.db");
            File.WriteAllBytes(cut, whole[..length]);
            await Assert.ThrowsAsync<KpodException>(() => AskAsync(options with { Store = cut, Replay = true }, Questions(20)));
        }
    }

    private static IReadOnlyList<Rationale> Filter(IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>> rationales, int count) =>
        new RationaleFilter(new(), (_, _) => (9, null), 1).Apply(Questions(count), rationales);
}

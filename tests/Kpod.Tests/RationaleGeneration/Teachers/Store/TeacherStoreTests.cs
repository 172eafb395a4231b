using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Testing;
using Microsoft.Data.Sqlite;

namespace Kpod.Tests.RationaleGeneration.Teachers.Store;

public sealed class TeacherStoreTests
{
    private static readonly TeacherRequest FullRequest = new()
    {
        Model = "gpt-3.5-turbo",
        Messages = [new PromptMessage(PromptRole.System, "Sei kurz."), new PromptMessage(PromptRole.User, "Q: \"Wie viele\" € 😀\u2028?")],
        Sample = 2,
        Temperature = 0.1 + 0.2,
        TopP = 0.95,
        MaximumTokens = 512,
        Seed = long.MaxValue,
        TopLogProbabilities = 5,
        StopTexts = ["\n\n", "Q:"],
    };

    private static readonly TeacherAnswer FullAnswer = new()
    {
        Text = "3 + 4 = 7.\r\n\0Therefore, the answer is 7.",
        Reasoning = "Hm.",
        Refusal = "No.",
        FinishReason = "stop",
        Model = "gpt-3.5-turbo-0125",
        InputTokens = 30,
        OutputTokens = 3_000_000_000,
        Cost = 0.0000315m,
        Currency = "USD",
        Seconds = 1.25,
        ArrivedAt = new DateTimeOffset(2026, 11, 26, 9, 30, 0, 123, TimeSpan.FromHours(2)),
        Raw = """{"id":"x","choices":[]}""",
    };

    [Fact]
    public void An_answer_comes_back_as_it_was_stored_also_after_the_store_was_closed()
    {
        using var folder = new TemporaryFolder();
        var small = (Request: Request("small"), Answer: Answer("yes"));
        using (var store = TeacherStore.Open(folder.PathOf("deeper", "answers.db")))
        {
            Assert.True(store.Add(FullRequest, FullAnswer));
            Assert.True(store.Add(small.Request, small.Answer));
            AssertSame(FullRequest, FullAnswer, store.Find(FullRequest.Hash));
        }

        using var again = TeacherStore.OpenToRead(folder.PathOf("deeper", "answers.db"));
        AssertSame(FullRequest, FullAnswer, again.Find(FullRequest.Hash));
        AssertSame(small.Request, small.Answer, again.Find(small.Request.Hash));
        Assert.Equal("yes", again.Find(small.Request)!.Text);
        Assert.Null(again.Find(Request("another")));
        Assert.Equal(2, again.Count);
    }

    [Fact]
    public void A_second_answer_to_a_request_is_not_taken()
    {
        using var folder = new TemporaryFolder();
        using var store = TeacherStore.Open(folder.PathOf("answers.db"));
        Assert.True(store.Add(Request("q"), Answer("first")));
        Assert.False(store.Add(Request("q"), Answer("second")));
        Assert.Equal(1, store.Add([new StoredAnswer(Request("q"), Answer("third")), new StoredAnswer(Request("r"), Answer("fourth"))]));
        Assert.Equal(["first", "fourth"], store.All().Select(stored => stored.Answer.Text));
    }

    [Fact]
    public void All_answers_are_listed_in_their_order_while_more_are_added_from_many_threads()
    {
        using var folder = new TemporaryFolder();
        using var store = TeacherStore.Open(folder.PathOf("answers.db"));
        store.Add(Enumerable.Range(0, 700).Select(number => new StoredAnswer(Request($"q{number}"), Answer($"{number}"))));
        using var listed = store.All().GetEnumerator();
        Assert.True(listed.MoveNext());
        Parallel.For(700, 760, number => Assert.True(store.Add(Request($"q{number}"), Answer($"{number}"))));
        var texts = new List<string> { listed.Current.Answer.Text };
        while (listed.MoveNext())
        {
            texts.Add(listed.Current.Answer.Text);
        }

        Assert.Equal(Enumerable.Range(0, 700).Select(number => $"{number}"), texts[..700]);
        Assert.Equal(Enumerable.Range(700, 60), texts[700..].Select(int.Parse).Order());
    }

    [Fact]
    public void Where_one_of_many_cannot_be_stored_none_is()
    {
        using var folder = new TemporaryFolder();
        using var store = TeacherStore.Open(folder.PathOf("answers.db"));
        IEnumerable<StoredAnswer> Failing()
        {
            yield return new StoredAnswer(Request("q"), Answer("a"));
            throw new InvalidOperationException("a faulty line");
        }

        Assert.Throws<InvalidOperationException>(() => store.Add(Failing()));
        Assert.Equal(0, store.Count);
        Assert.True(store.Add(Request("q"), Answer("a")));
    }

    [Fact]
    public void Any_SQLite_tool_reads_it_while_it_is_written_to()
    {
        using var folder = new TemporaryFolder();
        using var store = TeacherStore.Open(folder.PathOf("answers.db"));
        store.Add(FullRequest, FullAnswer);
        using var tool = Connect(folder.PathOf("answers.db"));
        Assert.Equal("wal", Scalar(tool, "PRAGMA journal_mode"));
        Assert.Equal((long)TeacherStore.SchemaVersion, Scalar(tool, "PRAGMA user_version"));
        Assert.Equal(0x4B504F44L, Scalar(tool, "PRAGMA application_id"));
        Assert.Equal("Sei kurz.", Scalar(tool, "SELECT messages ->> '$[0].text' FROM answers"));
        Assert.Equal("user", Scalar(tool, "SELECT messages ->> '$[1].role' FROM answers"));
        Assert.Equal("2026-11-26T07:30:00.1230000+00:00", Scalar(tool, "SELECT arrived_at FROM answers"));
        Assert.Equal(0.0000315, Scalar(tool, "SELECT sum(cost) FROM answers"));
    }

    [Fact]
    public void A_store_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("answers.db");
        TeacherStore.Open(path).Dispose();
        using (var tool = Connect(path))
        {
            Scalar(tool, "PRAGMA user_version = 2");
        }

        var before = File.ReadAllBytes(path);
        Assert.Equal(
            $"{path}: the store has schema version 2, and this Kpod knows version 1; use the Kpod that wrote it, or a newer one. Nothing in it was changed.",
            Assert.Throws<KpodException>(() => TeacherStore.Open(path)).Message);
        Assert.StartsWith($"{path}: the store has schema version 2", Assert.Throws<KpodException>(() => TeacherStore.OpenToRead(path)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_file_that_is_no_store_is_refused_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var text = folder.PathOf("text.db");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("this is a text and no database. ", 100)));
        var foreign = folder.PathOf("foreign.db");
        using (var tool = Connect(foreign))
        {
            Scalar(tool, "CREATE TABLE pictures (number INTEGER)");
        }

        foreach (var (path, message) in new[] { (text, "is no SQLite file, so no store of teachers' answers; name another file."), (foreign, "is an SQLite file, but no store of teachers' answers; name another file.") })
        {
            var before = File.ReadAllBytes(path);
            Assert.Equal($"{path}: {message}", Assert.Throws<KpodException>(() => TeacherStore.Open(path)).Message);
            Assert.Equal($"{path}: {message}", Assert.Throws<KpodException>(() => TeacherStore.OpenToRead(path)).Message);
            Assert.Equal(before, File.ReadAllBytes(path));
        }

        Assert.Equal($"{folder.PathOf("none.db")}: there is no such store; name the one that a teacher's answers were written to.", Assert.Throws<KpodException>(() => TeacherStore.OpenToRead(folder.PathOf("none.db"))).Message);
    }

    [Fact]
    public void A_second_writer_is_refused_and_a_reader_is_not()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("answers.db");
        using (var store = TeacherStore.Open(path))
        {
            store.Add(Request("q"), Answer("a"));
            Assert.StartsWith($"{path}: another process writes to this store", Assert.Throws<KpodException>(() => TeacherStore.Open(path)).Message, StringComparison.Ordinal);
            using var reader = TeacherStore.OpenToRead(path);
            Assert.Equal(1, reader.Count);
            Assert.Throws<InvalidOperationException>(() => reader.Add(Request("r"), Answer("b")));
        }

        TeacherStore.Open(path).Dispose();
    }

    [Fact]
    public void A_file_that_another_program_has_locked_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("answers.db");
        TeacherStore.Open(path).Dispose();
        using var tool = Connect(path);
        Scalar(tool, "BEGIN IMMEDIATE");
        Assert.Equal($"{path}: the store is locked by another program; close what has it open and run the same command again.", Assert.Throws<KpodException>(() => TeacherStore.Open(path)).Message);
    }

    [Fact]
    public void A_row_whose_request_was_changed_is_not_believed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("answers.db");
        using (var store = TeacherStore.Open(path))
        {
            store.Add(Request("q"), Answer("a"));
        }

        using (var tool = Connect(path))
        {
            Scalar(tool, "UPDATE answers SET model = 'better'");
        }

        using var changed = TeacherStore.OpenToRead(path);
        Assert.StartsWith($"{path}, row 1: the request is not the one that its hash was made of", Assert.Throws<KpodException>(() => changed.All().ToList()).Message, StringComparison.Ordinal);
    }

    private static TeacherRequest Request(string text) => new() { Model = "m", Messages = [new PromptMessage(PromptRole.User, text)] };

    private static TeacherAnswer Answer(string text) => new() { Text = text, Seconds = 0.5, ArrivedAt = DateTimeOffset.UnixEpoch, Raw = "{}" };

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static object? Scalar(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return command.ExecuteScalar();
    }

    private static void AssertSame(TeacherRequest request, TeacherAnswer answer, StoredAnswer? stored)
    {
        Assert.NotNull(stored);
        Assert.Equal(request.CanonicalText(), stored.Request.CanonicalText());
        Assert.Equal(answer with { ArrivedAt = answer.ArrivedAt.ToUniversalTime() }, stored.Answer);
    }
}

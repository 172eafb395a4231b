using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Testing;

namespace Kpod.Tests.RationaleGeneration.Teachers.Store;

public sealed class TeacherStoreMergeTests
{
    [Fact]
    public void However_a_store_is_split_and_in_whatever_order_and_however_often_it_is_merged_it_is_the_same_store_again()
    {
        using var folder = new TemporaryFolder();
        var all = Enumerable.Range(0, 60).Select(number => new StoredAnswer(Request($"q{number}", number % 3), Answer($"{number}", number))).ToArray();
        var whole = Content(Store(folder, "whole.db", all));
        for (var trial = 0; trial < 12; trial++)
        {
            var random = new Random(trial);

            // Some answers are in several parts, as when two machines were given the same copy; some parts may be empty.
            var parts = random.Next(1, 7);
            var holds = all.Select(_ => Enumerable.Range(0, parts).Where(_ => random.Next(4) == 0).Append(random.Next(parts)).ToHashSet()).ToArray();
            var paths = Enumerable.Range(0, parts).Select(part =>
            {
                var own = all.Where((_, index) => holds[index].Contains(part)).ToArray();
                random.Shuffle(own);
                return Store(folder, $"{trial}-{part}.db", own);
            }).ToArray();
            random.Shuffle(paths);
            var target = folder.PathOf($"{trial}.db");
            using (var store = TeacherStore.Open(target))
            {
                // In one go or one after another.
                var calls = random.Next(2) == 0 ? [paths] : paths.Select(path => new[] { path }).ToArray();
                Assert.Equal(all.Length, calls.Sum(call => TeacherStoreMerge.Merge(store, call).Sum(merged => merged.Added)));
                random.Shuffle(paths);
                var again = TeacherStoreMerge.Merge(store, paths);
                Assert.All(again, merged => Assert.Equal(0, merged.Added));
                Assert.Equal(holds.Sum(parts => parts.Count), again.Sum(merged => merged.Answers));
                Assert.Empty(TeacherStoreMerge.Merge(store, [target]));
            }

            Assert.Equal(whole, Content(target));
        }
    }

    [Fact]
    public void Stores_that_contradict_each_other_are_named_and_nothing_is_merged()
    {
        using var folder = new TemporaryFolder();
        var one = Store(folder, "one.db", new StoredAnswer(Request("q1"), Answer("yes")), new StoredAnswer(Request("q2"), Answer("no")));
        var other = Store(folder, "other.db", new StoredAnswer(Request("q3"), Answer("new")), new StoredAnswer(Request("q1"), Answer("perhaps")));
        using var target = TeacherStore.Open(folder.PathOf("target.db"));
        var fault = Assert.Throws<KpodException>(() => TeacherStoreMerge.Merge(target, [one, other])).Message;
        Assert.Equal(
            "The stores contradict each other, so nothing was merged; leave one of them out, or delete what is not wanted from one (sqlite3 FILE \"DELETE FROM answers WHERE hash = '...'\"): "
            + $"the request {Request("q1").Hash} (sample 0, 'q1') has the answer 'yes' in {one}, but 'perhaps' in {other}",
            fault);
        Assert.Equal(0, target.Count);

        // The target's own answers count too.
        target.Add(Request("q2"), Answer("maybe"));
        Assert.Contains($"'maybe' in {target.FullPath}, but 'no' in {one}", Assert.Throws<KpodException>(() => TeacherStoreMerge.Merge(target, [one])).Message, StringComparison.Ordinal);
        Assert.Equal(1, target.Count);
    }

    [Fact]
    public void Many_contradictions_are_counted_and_the_first_of_them_named()
    {
        using var folder = new TemporaryFolder();
        string Of(string file, string text) => Store(folder, file, [.. Enumerable.Range(0, 9).Select(number => new StoredAnswer(Request($"q{number}"), Answer(text)))]);
        using var target = TeacherStore.Open(folder.PathOf("target.db"));
        var lines = Assert.Throws<KpodException>(() => TeacherStoreMerge.Merge(target, [Of("one.db", "a"), Of("other.db", "b"), Of("third.db", "c")])).Message.Split('\n');
        Assert.Equal(7, lines.Length);
        Assert.Equal("  - and 4 more", lines[^1]);
    }

    [Theory]
    [InlineData("yes", null, null, "stop", true)]
    [InlineData("yes ", null, null, "stop", false)]
    [InlineData("yes", "hm", null, "stop", false)]
    [InlineData("yes", null, "no", "stop", false)]
    [InlineData("yes", null, null, "length", false)]
    public void Whatever_a_teacher_says_can_contradict(string text, string? reasoning, string? refusal, string finish, bool same)
    {
        using var folder = new TemporaryFolder();
        var one = Store(folder, "one.db", new StoredAnswer(Request("q"), Answer("yes")));
        var other = Store(folder, "other.db", new StoredAnswer(Request("q"), Answer("yes", 5) with { Text = text, Reasoning = reasoning, Refusal = refusal, FinishReason = finish, Seconds = 99, Cost = 7 }));
        using var target = TeacherStore.Open(folder.PathOf("target.db"));
        if (same)
        {
            TeacherStoreMerge.Merge(target, [one, other]);
            Assert.Equal(1, target.Count);
        }
        else
        {
            Assert.Throws<KpodException>(() => TeacherStoreMerge.Merge(target, [one, other]));
        }
    }

    [Fact]
    public void Of_the_same_words_said_twice_the_earlier_are_taken_whatever_the_order()
    {
        using var folder = new TemporaryFolder();
        var late = Store(folder, "late.db", new StoredAnswer(Request("q"), Answer("yes", 9)));
        var early = Store(folder, "early.db", new StoredAnswer(Request("q"), Answer("yes", 2)));
        string[][] orders = [[late, early], [early, late]];
        foreach (var order in orders)
        {
            using var target = TeacherStore.Open(folder.PathOf($"{Path.GetFileName(order[0])}-first.db"));
            Assert.Equal(1, TeacherStoreMerge.Merge(target, order).Sum(merged => merged.Added));
            Assert.Equal(Answer("yes", 2), target.All().Single().Answer);
            Assert.Equal(0, TeacherStoreMerge.Merge(target, order).Sum(merged => merged.Added));
        }
    }

    [Fact]
    public void A_store_that_is_not_there_stops_the_merge_before_it_begins()
    {
        using var folder = new TemporaryFolder();
        var one = Store(folder, "one.db", new StoredAnswer(Request("q"), Answer("yes")));
        using var target = TeacherStore.Open(folder.PathOf("target.db"));
        Assert.Contains("no-such.db: there is no such store", Assert.Throws<KpodException>(() => TeacherStoreMerge.Merge(target, [one, folder.PathOf("no-such.db")])).Message, StringComparison.Ordinal);
        Assert.Equal(0, target.Count);
    }

    private static string Store(TemporaryFolder folder, string file, params StoredAnswer[] answers)
    {
        using var store = TeacherStore.Open(folder.PathOf(file));
        store.Add(answers);
        return store.FullPath;
    }

    // Every field of every answer; the order of arrival in the file is no part of it.
    private static string[] Content(string path)
    {
        using var store = TeacherStore.OpenToRead(path);
        return [.. store.All().Select(stored => $"{stored.Request.CanonicalText()}{stored.Answer}").Order(StringComparer.Ordinal)];
    }

    private static TeacherRequest Request(string prompt, int sample = 0) => new() { Model = "m", Messages = [new PromptMessage(PromptRole.User, prompt)], Sample = sample };

    private static TeacherAnswer Answer(string text, int minute = 0) => new()
    {
        Text = text,
        FinishReason = "stop",
        Seconds = 1.5 + minute,
        Cost = 0.25m,
        Currency = "USD",
        ArrivedAt = new DateTimeOffset(2026, 11, 26, 9, minute, 0, TimeSpan.Zero),
        Raw = $$"""{"created":{{minute}}}""",
    };
}

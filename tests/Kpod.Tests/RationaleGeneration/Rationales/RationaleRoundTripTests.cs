using Kpod.Datasets.Questions;
using Kpod.Files;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Testing;

namespace Kpod.Tests.RationaleGeneration.Rationales;

/// <summary>What one run wrote is what another reads: kept and dropped, with their reasons.</summary>
public sealed class RationaleRoundTripTests
{
    private static readonly Question[] Questions =
    [
        new() { Id = "q", Text = "How many?", Answer = "3" },
        new() { Id = "c", Text = "Which?", Answer = "B", Choices = new Dictionary<string, string> { ["A"] = "tree", ["B"] = "bank" } },
    ];

    private static readonly Dictionary<string, IReadOnlyList<RecordedRationale>> Recorded = new()
    {
        ["q"] =
        [
            new("1 + 2 = 3. Therefore, the answer is 3.", "t", "stop") { OutputTokens = 12, Request = "ab12", Cost = 0.0125m, Currency = "USD" },
            new("We count. One, two.", "t", "stop", "We count. One, two. Therefore, the answer is 3"),
            new("It is 4.", "t", "stop"),
            new("It is 3", "t", "length"),
            new("Who knows?", "t", "stop"),
            new(string.Empty, "t", RecordedRationale.Refused, "I will not."),
            new(string.Empty, "t", RecordedRationale.Rejected, "HTTP 400: too long"),
            new("It is", "t", "content_filter"),
            new(string.Empty, "t", "stop"),
            new("Because two and two.", "t", "stop") { GivenAnswer = "4" },
            new("Truly it is 3.", "t", "stop") { GivenAnswer = "4" },
            new("It is 3 since it says so.", "u"),
        ],
        ["c"] = [new("Money is in the bank. So (B).", "t", "stop") { GivenAnswer = "B" }],
    };

    [Theory]
    [InlineData(RationaleSelection.CorrectOnly)]
    [InlineData(RationaleSelection.KeepAll)]
    public void The_file_of_one_run_gives_another_the_same_rationales_and_reasons(RationaleSelection filter)
    {
        using var folder = new TemporaryFolder();
        var options = new RationaleOptions { PerQuestion = 3, Filter = filter, Teacher = "t" };
        var first = Apply(options, Recorded);
        JsonArtefact.WriteLines(folder.PathOf("02-rationales.jsonl"), first);
        var second = Apply(options, RecordedRationaleFile.Read(folder.PathOf("02-rationales.jsonl"), Questions));
        Assert.Equal(first, second);
        Assert.Contains(first, rationale => rationale.DropReason is null);
    }

    [Fact]
    public void Every_reason_is_told_and_the_original_is_kept()
    {
        var all = Apply(new RationaleOptions { PerQuestion = 9 }, Recorded);
        Assert.Equal(
            [
                null, null, "wrong answer", "cut off by the teacher's length limit", "no answer found", "refused by the teacher", "the server refused the request",
                "stopped by the server's content filter", "empty", "wrong answer", "explains another answer than the given one", null, null,
            ],
            all.Select(rationale => rationale.DropReason));
        Assert.Equal(["1 + 2 = 3. Therefore, the answer is 3.", "We count. One, two. Therefore, the answer is 3", "I will not.", "HTTP 400: too long"], all.Select(rationale => rationale.Raw).OfType<string>());
        Assert.Equal(("1 + 2 = 3.", "3", 12L, "ab12"), (all[0].Text, all[0].ExtractedAnswer, all[0].OutputTokens, all[0].Request));
        Assert.Equal(("4", "4", false), (all[9].GivenAnswer, all[9].ExtractedAnswer, all[9].Correct));
    }

    private static IReadOnlyList<Rationale> Apply(RationaleOptions options, IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>> recorded) =>
        new RationaleFilter(options, (_, rationale) => (rationale.Text.Length, null), 1).Apply(Questions, recorded);
}

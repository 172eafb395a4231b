using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Quality;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Tests.RationaleGeneration;

public sealed class RationaleFilterTests
{
    private static readonly Question Three = new() { Id = "q", Text = "How many?", Answer = "3" };

    [Fact]
    public void Each_rationale_is_kept_or_dropped_with_its_reason()
    {
        var kept = Apply(
            new RationaleOptions { PerQuestion = 2, MaximumTokens = 20 },
            new("1 + 2 = 3.", "t"),
            new("It is 4.", "t"),
            new("I do not know.", "t"),
            new(string.Empty, "t"),
            new("1 + 2 = 3.", "u"),
            new("So it is 3", "t", "length"),
            new("One, two, and then three more words until it is too long to be kept: it is 3.", "t"),
            new("Count: 3.", "t"),
            new("Again: 3.", "t"));
        Assert.Equal(
            [null, "wrong answer", "no answer found", "empty", "the same text as another one", "cut off by the teacher's length limit", "longer than rationales.maximumTokens", null, "beyond rationales.perQuestion"],
            kept.Select(rationale => rationale.DropReason));
        Assert.Equal(Enumerable.Range(0, 9), kept.Select(rationale => rationale.Sample));
        Assert.Equal("4", kept[1].ExtractedAnswer);
    }

    [Fact]
    public void All_are_kept_where_right_ones_are_not_asked_for_and_one_teacher_may_be_chosen()
    {
        var options = new RationaleOptions { Filter = RationaleSelection.KeepAll, PerQuestion = 9, Teacher = "t" };
        var kept = Apply(options, new("It is 4.", "t"), new("It is 3.", "u"), new("Who knows.", "t"));
        Assert.Equal([null, "another teacher", null], kept.Select(rationale => rationale.DropReason));
        Assert.Equal([false, true, false], kept.Select(rationale => rationale.Correct));
    }

    [Fact]
    public void A_closing_answer_sentence_is_judged_and_then_taken_off()
    {
        var kept = Apply(new RationaleOptions(), new RecordedRationale("We add 1 and 2. Therefore, the answer is 3.", "t")).Single();
        Assert.Equal(("We add 1 and 2.", "3", true, null), (kept.Text, kept.ExtractedAnswer, kept.Correct, kept.DropReason));
    }

    [Fact]
    public void A_seeded_pick_is_the_same_again_and_not_always_the_first()
    {
        var options = new RationaleOptions { Pick = RationalePick.Seeded };
        RecordedRationale[] candidates = [.. Enumerable.Range(0, 6).Select(number => new RecordedRationale($"Way {(char)('a' + number)}: 3.", "t"))];
        int Picked(long seed) => Array.FindIndex([.. Apply(options, seed, candidates)], rationale => rationale.DropReason is null);
        Assert.Equal(Picked(1), Picked(1));
        Assert.True(Enumerable.Range(0, 12).Select(seed => Picked(seed)).Distinct().Count() > 2);
    }

    [Fact]
    public void Repeats_are_marked_and_only_the_same_text_is_dropped()
    {
        var options = new RationaleOptions { PerQuestion = 9, Duplicates = new DuplicateOptions { Overlap = 0.6 } };
        var kept = Apply(options, new("He has 1 and 2 more, so 1 + 2 = 3.", "t"), new("He has 1 and 2 more, so 1 + 2 = 3 things.", "t"), new("Count them: 3.", "t"), new("He has 1 and 2 more, so 1 + 2 = 3.", "t"), new("He has 1 and 2 more, so 1 + 2 = 4.", "t"));

        // Twelve words are 10 grams; one more word makes 11, so 10 of 11; with another last word 9 are common to both, of 11 in all.
        Assert.Equal([(null, null), (0, 0.9091), (null, null), (0, 1.0), (0, 0.8182)], kept.Select(rationale => (rationale.DuplicateOf, rationale.Overlap)));
        Assert.Equal([null, null, null, "the same text as another one", "wrong answer"], kept.Select(rationale => rationale.DropReason));
    }

    [Fact]
    public void A_refusal_is_dropped_as_one_whatever_is_kept_unless_it_gives_the_answer()
    {
        var options = new RationaleOptions { PerQuestion = 9, Filter = RationaleSelection.KeepAll };
        var kept = Apply(options, new("I'm sorry, but I can't help with that.", "t"), new("I can't help with that, but 1 + 2 = 3.", "t"), new("No idea.", "t"));
        Assert.Equal(["refused by the teacher", null, null], kept.Select(rationale => rationale.DropReason));
    }

    [Fact]
    public void A_diverse_pick_takes_those_that_are_most_unlike_one_another()
    {
        RecordedRationale[] candidates = [new("He has 1 and 2 more so 3.", "t"), new("He has 1 and 2 more, and so 3.", "t"), new("It is 4.", "t"), new("Count: one, two, three. So 3.", "t"), new("He has 1 and 2 more so it is 3.", "t")];
        var kept = Apply(new RationaleOptions { PerQuestion = 2, Pick = RationalePick.Diverse }, candidates);
        Assert.Equal([null, "beyond rationales.perQuestion", "wrong answer", null, "beyond rationales.perQuestion"], kept.Select(rationale => rationale.DropReason));
    }

    [Theory]
    [InlineData("All 3. Therefore, the answer is 3.", "All 3.")]
    [InlineData("All 3. therefore, the answer is 3", "All 3.")]
    [InlineData("Therefore, the answer is 3. But wait. It is 4.", "Therefore, the answer is 3. But wait. It is 4.")]
    [InlineData("Therefore, the answer is 3.\nSo 4.", "Therefore, the answer is 3.\nSo 4.")]
    [InlineData("  Nothing here. ", "Nothing here.")]
    public void Only_a_sentence_at_the_very_end_is_taken_off(string rationale, string expected) => Assert.Equal(expected, CotPrompt.WithoutAnswerSentence(rationale));

    private static IReadOnlyList<Rationale> Apply(RationaleOptions options, params RecordedRationale[] recorded) => Apply(options, 1, recorded);

    private static IReadOnlyList<Rationale> Apply(RationaleOptions options, long seed, RecordedRationale[] recorded) =>
        new RationaleFilter(options, (_, rationale) => (rationale.Text.Split(' ').Length + 5, null), seed)
            .Apply([Three], new Dictionary<string, IReadOnlyList<RecordedRationale>> { ["q"] = recorded });
}

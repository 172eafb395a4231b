using Kpod.RationaleGeneration.Quality;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Tests.RationaleGeneration.Quality;

public sealed class DuplicateMarkerTests
{
    [Fact]
    public void A_text_is_marked_with_the_earlier_one_that_it_repeats_most()
    {
        // Grams of three words: a b c d e f g h has 6; with one more word 7, so 6 of 7; with the last word another 5 of 7.
        var marked = Mark(
            new DuplicateOptions { Overlap = 0.7 },
            "a b c d e f g h",
            "p q r s t u",
            "a b c d e f g h i",
            "A, b c d e f g h!",
            "a b c d e f g x",
            "p q r s t u",
            string.Empty,
            string.Empty,
            "...");
        Assert.Equal([null, null, 0, 0, 0, 1, null, null, null], marked.Select(rationale => rationale.DuplicateOf));
        Assert.Equal([null, null, 0.8571, 1.0, 0.7143, 1.0, null, null, null], marked.Select(rationale => rationale.Overlap));
    }

    [Fact]
    public void Below_the_least_overlap_nothing_is_marked_and_at_it_something_is()
    {
        string[] texts = ["a b c d", "a b c e"];
        Assert.Equal([null, 0], Mark(new DuplicateOptions { Overlap = 0.3333 }, texts).Select(rationale => rationale.DuplicateOf));
        Assert.All(Mark(new DuplicateOptions { Overlap = 0.34 }, texts), rationale => Assert.Null(rationale.DuplicateOf));
        Assert.Equal(0.6, Mark(new DuplicateOptions { Words = 1, Overlap = 0.5 }, texts)[1].Overlap);
    }

    [Fact]
    public void Values_out_of_range_are_named()
    {
        Assert.Empty(new DuplicateOptions().Check());
        Assert.Equal(
            ["rationales.duplicates.words is 0; it must be 1 or more.", "rationales.duplicates.overlap is 1.5; it must be above 0 and at most 1."],
            new DuplicateOptions { Words = 0, Overlap = 1.5 }.Check());
        Assert.Single(new DuplicateOptions { Overlap = double.NaN }.Check());
    }

    [Fact]
    public void The_most_different_texts_come_first()
    {
        WordGrams[] texts = [.. new[] { "a b c d e", "a b c d f", "v w x y z", "a b c q r" }.Select(text => new WordGrams(text, 3))];

        // 0 and 2 share nothing, as do 1 and 2, and 2 and 3: the first such pair. Then 3 (1 of 5 with 0) before 1 (2 of 4 with 0).
        Assert.Equal([0, 2, 3, 1], DiverseSelection.Order(texts));
        Assert.Equal([0], DiverseSelection.Order([texts[0]]));
        Assert.Empty(DiverseSelection.Order([]));
    }

    private static Rationale[] Mark(DuplicateOptions options, params string[] texts) =>
        new DuplicateMarker(options).Mark([.. texts.Select((text, sample) => new Rationale { QuestionId = "q", Sample = sample, Text = text, Teacher = "t", Correct = true })]);
}

using Kpod.Datasets;
using Kpod.RationaleGeneration.Quality;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.Tests.RationaleGeneration.Quality;

public sealed class TeacherQualityTests
{
    [Fact]
    public void Every_figure_is_the_one_counted_by_hand()
    {
        Rationale[] rationales =
        [
            Of("q0", 0, "One. Two. So 3.", correct: true) with { OutputTokens = 10, Cost = 0.5m, Currency = "USD" },
            Of("q0", 1, "One. Two. So 3.", correct: true, drop: "the same text as another one") with { OutputTokens = 10, Cost = 0.25m, Currency = "USD", DuplicateOf = 0, Overlap = 1 },
            Of("q0", 2, "One. Two. So 3!", correct: true) with { DuplicateOf = 0, Overlap = 1, FinishReason = "stop" },
            Of("q1", 0, "It is 9.", correct: false, drop: "wrong answer"),
            Of("q1", 1, string.Empty, correct: false, drop: "empty") with { ExtractedAnswer = null, FinishReason = "stop" },
            Of("q1", 2, "One and", correct: false, drop: "cut off by the teacher's length limit") with { ExtractedAnswer = null, FinishReason = "length" },
            Of("q2", 0, "I do not know.", correct: false, drop: "no answer found") with { ExtractedAnswer = null },
            Of("q2", 1, "I'm sorry, but I can't help with that.", correct: false, drop: "refused by the teacher") with { ExtractedAnswer = null },
            Of("q2", 2, string.Empty, correct: false, drop: "refused by the teacher") with { ExtractedAnswer = null, FinishReason = "refusal" },
            Of("q3", 0, "So 4.", correct: true) with { Teacher = "another" },
        ];
        var quality = TeacherQuality.Of(6, rationales, text => text.Split('.', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(["another", "t"], quality.Teachers.Select(teacher => teacher.Teacher));
        Assert.Equal(new TeacherFigures("another", 1, 1, 1, 1, new Lengths(2, 2, 2, 2), new Lengths(1, 1, 1, 1), null, null, null, 0), quality.Teachers[0]);

        // Words of the seven texts: 4 4 4 3 2 4 8; steps 3 3 3 1 1 1 1.
        Assert.Equal(new TeacherFigures("t", 9, 3, 3 / 9.0, 2, new Lengths(4.1, 4, 8, 8), new Lengths(1.9, 1, 3, 3), new Lengths(10, 10, 10, 10), 0.75m, "USD", 2), quality.Teachers[1]);
        Assert.Equal(2, quality.QuestionsRight);
        Assert.Equal(new Dictionary<int, int> { [0] = 2, [1] = 1, [3] = 3 }, quality.SamplesPerQuestion);
        Assert.Equal(new Dictionary<int, int> { [0] = 4, [1] = 1, [3] = 1 }, quality.RightPerQuestion);
        Assert.Equal(new Dictionary<string, int> { ["unknown"] = 6, ["stop"] = 2, ["length"] = 1, ["refusal"] = 1 }, quality.FinishReasons);
        Assert.Equal((2, 1, 1, 1, 1, 1), (quality.Refused, quality.Empty, quality.CutOff, quality.WithoutAnswer, quality.SameText, quality.NearDuplicates));
    }

    [Fact]
    public void Costs_in_several_currencies_are_not_added_up()
    {
        Rationale[] rationales = [Of("q0", 0, "3.", correct: true) with { Cost = 1, Currency = "USD" }, Of("q0", 1, "So 3.", correct: true) with { Cost = 1, Currency = "EUR" }];
        var teacher = TeacherQuality.Of(1, rationales, _ => 1).Teachers.Single();
        Assert.Equal((null, null, 2), (teacher.Cost, teacher.Currency, teacher.Costed));
    }

    [Fact]
    public void Without_a_rationale_there_is_nothing_but_questions()
    {
        var quality = TeacherQuality.Of(5, [], _ => 1);
        Assert.Empty(quality.Teachers);
        Assert.Equal(new Dictionary<int, int> { [0] = 5 }, quality.SamplesPerQuestion);
    }

    private static Rationale Of(string question, int sample, string text, bool correct, string? drop = null) =>
        new() { QuestionId = question, Sample = sample, Text = text, Teacher = "t", ExtractedAnswer = correct ? "3" : "9", Correct = correct, DropReason = drop };
}

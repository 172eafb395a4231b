using Kpod.Distillation.Methods.SpecializedKd;

namespace Kpod.Tests.Distillation.Methods.SpecializedKd;

public sealed class SpecializedExamplesTests
{
    private static readonly Demonstration[] Train =
    [
        new("What is 1 + 1?", "2", "1+1=<<1+1=2>>2\n#### 2"), new("What is 2 + 1?", "3", "It is 3."), new("What is 3 + 1?", "4", "3 + 1 = 4."), new("What is 4 + 1?", "5", "4 + 1 = 5."),
        new("What is 5 + 1?", "6", "5 + 1 = 6."), new("What is 6 + 1?", "7", "6 + 1 = 7."),
    ];

    private static readonly SpecializedQuestion[] Questions = [new(0, Train[0].Question, [("It is three. The answer is 3", false), ("Two.", true), ("1 + 1 = 2. The answer is 2.", true)]), new(1, Train[1].Question, [("Three.", true)])];

    [Fact]
    public void Answers_come_once_a_question_from_the_first_correct_chain_that_names_one_and_chains_as_often_as_they_are_correct()
    {
        var draw = SpecializedExamples.Seeded(Questions, Train.Length, seed: 1);
        Assert.Equal(
            [(0, 2, "Q: What is 1 + 1? A:", "The answer is 2.")],
            SpecializedExamples.Of(SpecializedFormat.ZeroShotAnswerOnly, Questions, Train, draw).Select(example => (example.Question, example.Chain, example.Input, example.Target)));
        Assert.Equal([(0, 1, "Two."), (0, 2, "1 + 1 = 2. The answer is 2."), (1, 0, "Three.")], SpecializedExamples.Of(SpecializedFormat.ZeroShotCot, Questions, Train, draw).Select(example => (example.Question, example.Chain, example.Target)));
    }

    [Fact]
    public void Demonstrations_are_four_different_other_questions_drawn_anew_for_each_example()
    {
        var draw = SpecializedExamples.Seeded(Questions, Train.Length, seed: 1);
        var examples = SpecializedExamples.Of(SpecializedFormat.InContextCot, Questions, Train, draw);
        Assert.All(examples, example => Assert.Equal(4, example.Demonstrations.Distinct().Count()));
        Assert.All(examples, example => Assert.DoesNotContain(Questions[example.Question].TrainIndex, example.Demonstrations));
        Assert.NotEqual(examples[0].Demonstrations, examples[1].Demonstrations);
        Assert.Equal(examples[0].Demonstrations, draw(SpecializedFormat.InContextCot, 0, 1));
        Assert.Throws<ArgumentException>(() => SpecializedExamples.Of(SpecializedFormat.InContextCot, Questions, Train, (_, _, _) => [0, 1]));
    }

    [Fact]
    public void A_demonstration_has_its_solution_without_calculator_marks_and_its_answer_on_a_line_of_its_own()
    {
        Assert.Equal("Q: What is 1 + 1?\nLet's think step by step\n1+1=2\nThe answer is 2\n\n", Train[0].Text(SpecializedFormat.InContextCot));
        Assert.Equal("Q: What is 2 + 1?\nLet's think step by step\nIt is 3.\nThe answer is 3\n\n", Train[1].Text(SpecializedFormat.InContextCot));
        Assert.Equal("Q: What is 2 + 1?\nA: The answer is 3\n\nQ: x\nA:", SpecializedTexts.Input(SpecializedFormat.InContextAnswerOnly, "x", [Train[1]]));
    }

    [Theory]
    [InlineData(100, "0 1 2")]
    [InlineData(99, "1 2")]
    [InlineData(40, "2")]
    [InlineData(39, "")]
    [InlineData(5, "")]
    public void Demonstrations_leave_from_the_front(int maximum, string kept) => Assert.Equal(kept, string.Join(' ', SpecializedExamples.Fitting([40, 20, 30], 10, maximum)));

    [Fact]
    public void A_micro_batch_has_one_format_and_what_fills_no_effective_batch_is_dropped()
    {
        var groups = FormatMicroBatches.Cut(SpecializedFormat.ZeroShotCot, examples: 11, microBatchSize: 2, accumulation: 2);
        Assert.Equal(["0,1 2,3", "4,5 6,7"], groups.Select(group => string.Join(' ', group.MicroBatches.Select(batch => string.Join(',', batch)))));
        FormatGroup[] all = [.. groups, .. FormatMicroBatches.Cut(SpecializedFormat.InContextCot, 2, 1, 2)];
        Assert.Equal(["4,5", "0", "0,1"], FormatMicroBatches.FullyRandom(all, [2, 4, 0]).Select(batch => string.Join(',', batch.Examples)));
        Assert.Equal(["0", "1", "4,5", "6,7"], FormatMicroBatches.GroupsTogether(all, [2, 1]).Select(batch => string.Join(',', batch.Examples)));
    }
}

using System.Text.Json;
using Kpod.Datasets.Answers;
using Kpod.Datasets.Questions;
using Kpod.Testing;

namespace Kpod.Tests.Datasets.Answers;

/// <summary>Forms in which people and models write answers, and what runs on behind them.</summary>
public sealed class AnswerFormTests
{
    [Theory]
    [InlineData("\\boxed{-\\dfrac12}", "-0.5")]
    [InlineData("\\boxed{-\\frac12}", "-0.5")]
    [InlineData("\\boxed{-\\frac{1}{2}}", "-0.5")]
    [InlineData("\\boxed{-\\tfrac{1}2}", "-0.5")]
    [InlineData("\\boxed{\\frac3{4}}", "0.75")]
    [InlineData("\\boxed{2\\frac12}", "2.5")]
    [InlineData("Step 3: The total is 12.\nStep 4: Done", "12")]
    [InlineData("Step 3: 4 + 8 = 12.\nStep 4: So she has 12.", "12")]
    [InlineData("Step 1: 4 + 8 = 12.\nStep 2: That is all", "12")]
    [InlineData("**Step 2:** 5 * 4 = 20\n**Step 3:** Finished!", "20")]
    [InlineData("Each costs $20.00, for a total of $60.", "60")]
    [InlineData("Each ticket costs $20, and the total is $60.", "60")]
    [InlineData("They cost $20 each, $60 in total.", "60")]
    [InlineData("He pays $5 a day, which makes a grand total of $35.", "35")]
    [InlineData("So the total cost of the order, tip included, is $29.00.", "29")]
    [InlineData("The total is 72 clips, altogether.", "72")]
    [InlineData("The answer is 18 minus 6, which is 12.", "12")]
    [InlineData("The answer is 3 times 4, which gives 12.", "12")]
    [InlineData("The answer is two dozen.", "24")]
    [InlineData("The answer is a dozen.", "12")]
    [InlineData("The company earned $1.5M.", "1500000")]
    [InlineData("The company earned $5k.", "5000")]
    [InlineData("The company earned €2bn.", "2000000000")]
    [InlineData("The answer is 5 m.", "5")]
    [InlineData("The answer is +7.", "7")]
    [InlineData("The answer is -3.0.", "-3")]
    [InlineData("The answer is −3.", "-3")]
    [InlineData("He arrives at 3 pm.", "3")]
    [InlineData("The answer is 3:30 p.m.", "3:30")]
    [InlineData("The answer is 3:30 p.m. on Monday.", "3:30")]
    [InlineData("The answer is 2,5.", null)]
    [InlineData("1,25 + 1,25 = 2,5. The answer is 2,5.", null)]
    [InlineData("The answer is €1.234,56.", null)]
    [InlineData("The answer is 12,34", null)]
    [InlineData("The answer is 1,2,3.", "3")]
    [InlineData("The answer is $1,234.50.", "1234.5")]
    [InlineData("The answer is 1,00,000.", "100000")]
    public void An_answer_is_read_as_it_is_meant(string text, string? expected) => Assert.Equal(expected, AnswerExtractor.Flexible(text, AnswerFormat.Number)?.Text);

    [Theory]
    [InlineData("3:30 p.m.", "3:30 pm", true)]
    [InlineData("3 pm", "3:00 PM", true)]
    [InlineData("3:30 pm", "3:30", true)]
    [InlineData("3 pm", "3", true)]
    [InlineData("3", "3:00 PM", true)]
    [InlineData("4", "3:00 PM", false)]
    public void Times_of_day_are_compared_by_the_clock(string extracted, string gold, bool same) =>
        Assert.Equal(same, AnswerMatcher.Matches(AnswerExtractor.Flexible($"The answer is {extracted}", AnswerFormat.Number)?.Text, gold, AnswerFormat.Number));

    [Fact]
    public void Morning_and_afternoon_differ_where_both_say_which() => Assert.False(AnswerMatcher.Matches("3 am", "3:00 PM", AnswerFormat.Number));

    [Theory]
    [InlineData("6 * 7 = 42. The answer is 42.\n\n### Instruction:\nWhat is 3 + 5?\n\n### Response:\nThe answer is 8.")]
    [InlineData("The answer is 42.\nUSER: and 2 + 2?\nASSISTANT: The answer is 4.")]
    [InlineData("The answer is 42.\n\nProblem: 1 + 1?\nSolution: The answer is 2.")]
    [InlineData("The answer is 42.\n### Question\n1 + 1?\n### Answer\nThe answer is 2.")]
    [InlineData("The answer is 42.\n\nInstruction: Add 1 and 1.\nThe answer is 2.")]
    [InlineData("The answer is 42.\n\nExample 2:\nThe answer is 2.")]
    [InlineData("The answer is 42.\nuser\nAnd 1 + 1?\nassistant\nThe answer is 2.")]
    [InlineData("The answer is 42.[INST] 1 + 1? [/INST] The answer is 2.")]
    [InlineData("The answer is 42.<start_of_turn>user\n1 + 1?<end_of_turn>\nThe answer is 2.")]
    [InlineData("The answer is 42.<|User|>1 + 1?<|Assistant|>The answer is 2.")]
    [InlineData("The answer is 42.<｜User｜>1 + 1?<｜Assistant｜>The answer is 2.")]
    public void What_runs_on_with_the_next_exercise_does_not_count(string text) => Assert.Equal("42", AnswerExtractor.Flexible(text, AnswerFormat.Number)?.Text);

    [Theory]
    [InlineData("### Step 1\n6 * 7 = 42\n### Answer: 42")]
    [InlineData("Example: 3 + 4 is 7.\nHere it is 42. The answer is 42.")]
    [InlineData("The user\nhas 42. The answer is 42.")]
    public void Headings_of_the_solution_itself_cut_nothing(string text) => Assert.Equal("42", AnswerExtractor.Flexible(text, AnswerFormat.Number)?.Text);

    [Theory]
    [InlineData("The answer is C, both A and B.", "C")]
    [InlineData("The answer is both A and B.", "C")]
    [InlineData("The answer is A.", "A")]
    [InlineData("The answer is A and B.", null)]
    public void Letters_inside_the_text_of_a_choice_name_no_choice(string text, string? expected)
    {
        var question = new Question { Id = "q", Text = "?", Answer = "C", Choices = new Dictionary<string, string> { ["A"] = "cat", ["B"] = "dog", ["C"] = "both A and B", ["D"] = "neither" } };
        Assert.Equal(expected, AnswerExtractor.Flexible(text, AnswerFormat.Of(question))?.Text);
    }

    [Theory]
    [InlineData("08-alpaca-run-on")]
    [InlineData("09-answer-forms")]
    public void The_shared_cases_all_give_their_answers(string name)
    {
        foreach (var line in File.ReadLines(SharedFolder.PathOf("cases", name, "train.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var record = new Kpod.Datasets.Formats.FieldQuestions(new(), "train.jsonl", new()).Read(json.RootElement, "x");
            var format = AnswerFormat.Of(record.Question);
            var found = AnswerExtractor.Flexible(record.Rationales[0].Text, format)?.Text;
            Assert.True(AnswerMatcher.Matches(found, record.Question.Answer, format), $"{record.Question.Id}: {found}");
        }
    }
}

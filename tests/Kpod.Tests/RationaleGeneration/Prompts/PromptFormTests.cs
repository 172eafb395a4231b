using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Prompts;
using Kpod.Testing;

namespace Kpod.Tests.RationaleGeneration.Prompts;

/// <summary>The exact words of every form.</summary>
public sealed class PromptFormTests
{
    private static readonly Question Apples = new() { Id = "a", Text = " Tom has 3 apples and buys 4.\nHow many has he? ", Answer = "7" };

    private static readonly Question Bank = new()
    {
        Id = "b",
        Text = "Where is money kept?",
        Answer = "B",
        Choices = new Dictionary<string, string> { ["A"] = "tree", ["B"] = "bank", ["C"] = "river" },
    };

    [Fact]
    public void Zero_shot_is_the_papers_template()
    {
        var form = new ZeroShotPrompt();
        AssertMessages(form.Ask(Apples), (PromptRole.User, "Q: Tom has 3 apples and buys 4.\nHow many has he? A: Let's think step by step."));
        AssertMessages(form.Ask(Bank), (PromptRole.User, "Q: Where is money kept? (A) tree (B) bank (C) river A: Let's think step by step."));
        Assert.Null(form.AskForAnswer(Apples, "3 + 4 = 7."));
        Assert.Null(form.GivenAnswer(Apples));
        Assert.Equal("3 + 4 = 7.", form.Join("3 + 4 = 7.", null));
    }

    [Fact]
    public void Two_turns_are_the_same_question_and_then_the_words_before_the_answer()
    {
        var form = new TwoTurnPrompt();
        AssertMessages(form.Ask(Bank), (PromptRole.User, "Q: Where is money kept? (A) tree (B) bank (C) river A: Let's think step by step."));
        AssertMessages(
            form.AskForAnswer(Bank, "Banks keep money.")!,
            (PromptRole.User, "Q: Where is money kept? (A) tree (B) bank (C) river A: Let's think step by step."),
            (PromptRole.Assistant, "Banks keep money."),
            (PromptRole.User, "Therefore, the answer is"));
        Assert.Equal("Banks keep money. Therefore, the answer is (B).", form.Join("Banks keep money.\n", " (B)."));
        Assert.Equal("Banks keep money. therefore, the answer is B", form.Join("Banks keep money.", "therefore, the answer is B"));
    }

    [Fact]
    public void Few_shot_examples_are_turns_that_end_in_the_answer_sentence()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("examples.jsonl");
        File.WriteAllLines(path, [
            """{"id":"e1","question":"What is 1 + 1?","answer":"2","rationales":[{"text":"1 + 1 = 2. Therefore, the answer is 2."},{"text":"not this one"}]}""",
            """{"id":"e2","question":"Which?","answer":"A","choices":{"A":"this","B":"that"},"rationales":[{"text":"This one."}]}""",
        ]);
        AssertMessages(
            FewShotPrompt.Load(path).Ask(Apples),
            (PromptRole.User, "Q: What is 1 + 1? A: Let's think step by step."),
            (PromptRole.Assistant, "1 + 1 = 2. Therefore, the answer is 2."),
            (PromptRole.User, "Q: Which? (A) this (B) that A: Let's think step by step."),
            (PromptRole.Assistant, "This one. Therefore, the answer is A."),
            (PromptRole.User, "Q: Tom has 3 apples and buys 4.\nHow many has he? A: Let's think step by step."));
    }

    [Fact]
    public void An_example_without_a_rationale_and_a_faulty_line_are_named_together()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("examples.jsonl");
        File.WriteAllLines(path, ["""{"id":"e1","question":"What is 1 + 1?","answer":"2"}""", """{"question":"What?"}"""]);
        Assert.Equal(
            $"The examples cannot be used: 2 faults\n  - {path}, line 2: lacks the field 'answer'.\n  - {path}: the example 'e1' has no rationale; add \"rationales\": [{{\"text\": \"...\"}}] to its line.",
            Assert.Throws<KpodException>(() => FewShotPrompt.Load(path)).Message);
    }

    [Fact]
    public void A_given_answer_stands_in_the_prompt_and_is_to_be_explained()
    {
        var form = AnswerGivenPrompt.Gold();
        AssertMessages(form.Ask(Apples), (PromptRole.User, "Q: Tom has 3 apples and buys 4.\nHow many has he? A: The answer is 7. Explain step by step why."));
        AssertMessages(form.Ask(Bank), (PromptRole.User, "Q: Where is money kept? (A) tree (B) bank (C) river A: The answer is B. Explain step by step why."));
        Assert.Equal("7", form.GivenAnswer(Apples));
    }

    [Fact]
    public void A_counterfactual_prompt_gives_the_same_wrong_answer_each_time()
    {
        var form = AnswerGivenPrompt.Counterfactual(seed: 1);
        var wrong = form.GivenAnswer(Apples)!;
        AssertMessages(form.Ask(Apples), (PromptRole.User, $"Q: Tom has 3 apples and buys 4.\nHow many has he? A: The answer is {wrong}. Explain step by step why."));
        Assert.Equal(wrong, AnswerGivenPrompt.Counterfactual(seed: 1).GivenAnswer(Apples));
        Assert.Contains(form.GivenAnswer(Bank), new[] { "A", "C" });
    }

    [Fact]
    public void Wrong_numbers_are_those_of_the_question_and_neighbours_of_the_gold_one()
    {
        string[] Drawn(Question question) => [.. Enumerable.Range(0, 200).Select(seed => WrongAnswer.Of(question, seed)).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["3", "4", "6", "70", "8"], Drawn(Apples));
        Assert.Equal(["1"], Drawn(new Question { Id = "z", Text = "What is nothing?", Answer = "0" }));
        Assert.Equal(["1.5", "2.0", "25.0", "3.5"], Drawn(new Question { Id = "h", Text = "Half of 2 and 1.50, not 20% or x9?", Answer = "2.5" }));
        Assert.Equal(["1,000", "2,001", "20,000"], Drawn(new Question { Id = "t", Text = "Is it 2,000 and 1,000?", Answer = "2,000" }).Where(text => text != "1,999"));
        Assert.Equal(
            "question 'p': its answer 'Paris' is neither a choice nor a number, so no wrong one can be made for a counterfactual prompt.",
            Assert.Throws<KpodException>(() => WrongAnswer.Of(new Question { Id = "p", Text = "Where?", Answer = "Paris" }, 1)).Message);
    }

    private static void AssertMessages(IReadOnlyList<PromptMessage> messages, params (PromptRole Role, string Text)[] expected) =>
        Assert.Equal(expected.Select(message => new PromptMessage(message.Role, message.Text)), messages);
}

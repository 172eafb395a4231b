using CsCheck;
using Kpod.Datasets.Answers;
using Kpod.Datasets.Questions;

namespace Kpod.Tests.Datasets.Answers;

public sealed class AnswerExtractorTests
{
    private const string Verbs = "ignore|enforce|river|yell at|avoid";
    private const string Places = "race track|populated areas|the desert|apartment|roadblock";

    [Theory]
    [InlineData("The final answer is: $18.", "18")]
    [InlineData("Therefore, she makes $18 every day at the farmer's market.", "18")]
    [InlineData("It takes 2+1=<<2+1=3>>3 bolts of fabric", "3")]
    [InlineData("He made a profit of $200,000-$130,000 = $<<200000-130000=70000>>70,000", "70000")]
    [InlineData("He runs 540 meters a week.", "540")]
    [InlineData("The answer is -7.25", "-7.25")]
    [InlineData("\\boxed{\\frac{1}{3}}", "1/3")]
    [InlineData("\\boxed{3\\frac12}", "3.5")]
    [InlineData("The answer is $12$.", "12")]
    [InlineData("The answer is 1,000 km.", "1000")]
    [InlineData("the answer is 1 million", "1000000")]
    [InlineData("The answer is two and a half.", "2.5")]
    [InlineData("The answer is one half.", "0.5")]
    [InlineData("The answer is 5 and 6.", null)]
    [InlineData("The answer is 7 (seven).", "7")]
    [InlineData("The answer is seven (7).", "7")]
    [InlineData("Answer: 12 apples\nExplanation: 3 boxes with 4 each.", "12")]
    [InlineData("A: 8", "8")]
    [InlineData("Solution: 5 + 3 = 8", "8")]
    [InlineData("She now has 9.", "9")]
    [InlineData("Total: 15", "15")]
    [InlineData("Total cost = $15", "15")]
    [InlineData("= 15", "15")]
    [InlineData("= -15", "-15")]
    [InlineData("There are 20 of them.", "20")]
    [InlineData("40 is the answer.", "40")]
    [InlineData("So 40 is the answer.", "40")]
    [InlineData("**40**", "40")]
    [InlineData("The correct answer is **40**, since 8 × 5 = 40.", "40")]
    [InlineData("The answer is thirty-six.", "36")]
    [InlineData("The answer is €1,234.50", "1234.5")]
    [InlineData("The answer is 5!", "5")]
    [InlineData("The answer is '5'.", "5")]
    [InlineData("The answer is \"5\".", "5")]
    [InlineData("The answer is (5).", "5")]
    [InlineData("The answer is [5]", "5")]
    [InlineData("The answer is {5}", "5")]
    [InlineData("My answer is 5", "5")]
    [InlineData("Your answer should be 5.", "5")]
    [InlineData("I got 5 as the answer.", "5")]
    [InlineData("5 is correct.", "5")]
    [InlineData("The solution is 5", "5")]
    [InlineData("The result is 5.", "5")]
    [InlineData("This gives us 5.", "5")]
    [InlineData("We get 5.", "5")]
    [InlineData("Hence 5.", "5")]
    [InlineData("∴ x = 5", "5")]
    [InlineData("Thus the number of apples left is 5.", "5")]
    [InlineData("The answer is 3 < x < 5.", null)]
    [InlineData("The answer is >5.", null)]
    [InlineData("The answer is 10:30:15.", null)]
    [InlineData("The answer is 10:30 a.m.", "10:30")]
    [InlineData("The answer is 1..2", null)]
    [InlineData("The answer is 1e-3", "0.001")]
    [InlineData("The answer is e.", null)]
    [InlineData("The answer is 3.14 (π).", "3.14")]
    [InlineData("The answer is III. No: the answer is 3.", "3")]
    [InlineData("The answer is 5... no wait, the answer is 6.", "6")]
    [InlineData("5? No, 6.", "6")]
    [InlineData("The answer is 5 + 1 = 6", "6")]
    [InlineData("The answer is 6 = 5 + 1.", "6")]
    [InlineData("6 = 5 + 1", "6")]
    [InlineData("The answer is x = 6.", "6")]
    [InlineData("The answer is 75 % of the class.", "75%")]
    [InlineData("75%", "75%")]
    [InlineData("0.75 or 3/4", "0.75")]
    [InlineData("The answer is 3/7 of the cake.", "3/7")]
    [InlineData("The answer is somewhere from 3 to 5.", null)]
    [InlineData("The answer is approximately equal to 4.", "4")]
    [InlineData("The answer ≈ 4", "4")]
    [InlineData("The answer, then, is 4.", "4")]
    [InlineData("The answer to this problem is 4.", "4")]
    [InlineData("the answer would be 4", "4")]
    [InlineData("ANSWER: 4", "4")]
    [InlineData("Ans: 4", "4")]
    [InlineData("Final answer: \\\\(4\\\\)", "4")]
    [InlineData("Final answer\n4", "4")]
    [InlineData("$$4$$", "4")]
    [InlineData("\\\\[4\\\\]", "4")]
    [InlineData("{\"answer\": 4}", "4")]
    [InlineData("{\"answer\": \"4\"}", "4")]
    [InlineData("<answer>4</answer>", "4")]
    [InlineData("The answer is <b>4</b>.", "4")]
    [InlineData("#### 1200 dollars", "1200")]
    [InlineData("####1,200.", "1200")]
    [InlineData("####", null)]
    [InlineData("The answer is 12\n\nQuestion: What is 3+4?\nAnswer: 7", "12")]
    [InlineData("The answer is 12.<|im_end|>\n<|im_start|>user\nhi 5", "12")]
    [InlineData("12<|endoftext|>13", "12")]
    [InlineData("<|im_start|>assistant\nThe answer is 12.", "12")]
    [InlineData("5 cm³", "5")]
    [InlineData("The answer is 5 m/s.", "5")]
    [InlineData("The answer is 5 km/h", "5")]
    [InlineData("5 and a half", "5.5")]
    [InlineData("one thousand five hundred", "1500")]
    [InlineData("two dozen is 24", "24")]
    [InlineData("3 more than 5... The answer is 3.", "3")]
    [InlineData("He ate 2/2 = 1 pizza and 1 cake. Altogether 2.", "2")]
    [InlineData("It is 5 o'clock.", "5")]
    [InlineData("He was born in 1990.", "1990")]
    [InlineData("He was born on 1990-05-12.", null)]
    [InlineData("Step 1: 5 - 2\nStep 2: 3", "3")]
    [InlineData("Step 1: 5 - 2 = 3", "3")]
    [InlineData("1) 5 - 2 = 3", "3")]
    [InlineData("1. First, 3 x 4 = 12.", "12")]
    public void A_number_is_found_as_a_careful_reader_finds_it(string text, string? expected) =>
        Assert.Equal(expected, AnswerExtractor.Flexible(text, FormatOf("1"))?.Text);

    [Theory]
    [InlineData("The answer is C because B is wrong.", "C", Verbs)]
    [InlineData("(C)", "C", Verbs)]
    [InlineData("C.", "C", Verbs)]
    [InlineData("C, because water flows there.", "C", Verbs)]
    [InlineData("The best answer is C.", "C", Verbs)]
    [InlineData("Therefore, the answer is C: river.", "C", Verbs)]
    [InlineData("My choice is C", "C", Verbs)]
    [InlineData("It's C.", "C", Verbs)]
    [InlineData("I would go with option C", "C", Verbs)]
    [InlineData("Answer: (C) river", "C", Verbs)]
    [InlineData("Answer: river", "C", Verbs)]
    [InlineData("\"river\"", "C", Verbs)]
    [InlineData("The answer is option (C).", "C", Verbs)]
    [InlineData("The answer is \"C\".", "C", Verbs)]
    [InlineData("the correct answer is option C, river", "C", Verbs)]
    [InlineData("<answer>C</answer>", "C", Verbs)]
    [InlineData("The answer is (A), (B) or (C).", null, Verbs)]
    [InlineData("A and B are wrong, so C.", "C", Verbs)]
    [InlineData("Either B or C.", null, Verbs)]
    [InlineData("B is wrong. C is right.", "C", Verbs)]
    [InlineData("rivers", "C", Verbs)]
    [InlineData("yelling at? No, yell at.", "D", Verbs)]
    [InlineData("A", "A", Verbs)]
    [InlineData("A.", "A", Verbs)]
    [InlineData("a)", "A", Verbs)]
    [InlineData("The answer is A", "A", Verbs)]
    [InlineData("The answer is a.", "A", Verbs)]
    [InlineData("(a)", "A", Verbs)]
    [InlineData("The answer is the third option: river.", "C", Verbs)]
    [InlineData("They were ignoring it.", null, Verbs)]
    [InlineData("river, not ignore", "C", Verbs)]
    [InlineData("Rather than ignore, they enforce it.", "B", Verbs)]
    [InlineData("The answer is (b).", "B", Places)]
    [InlineData("B: populated areas", "B", Places)]
    [InlineData("The answer is populated areas (B).", "B", Places)]
    [InlineData("the answer is desert", "C", Places)]
    [InlineData("Racetrack or race track: race track", "A", Places)]
    [InlineData("All of the above.", null, Places)]
    [InlineData("Option B", "B", Places)]
    [InlineData("b", "B", Places)]
    [InlineData("**Answer:** B", "B", Places)]
    [InlineData("### Answer: B", "B", Places)]
    [InlineData("The correct choice is (B) populated areas.", "B", Places)]
    [InlineData("\\boxed{B}", "B", Places)]
    [InlineData("\\boxed{\\text{(B)}}", "B", Places)]
    [InlineData("#### B", "B", Places)]
    [InlineData("The answer is (G).", null, Places)]
    [InlineData("(A) is too narrow; (C) has no people; (D) holds few. The only remaining choice is (B).", "B", Places)]
    public void A_choice_is_found_by_letter_or_text(string text, string? expected, string choices) =>
        Assert.Equal(expected, AnswerExtractor.Flexible(text, FormatOf("A", choices))?.Text);

    [Theory]
    [InlineData("He did it. Therefore, the answer is Paris.", "Paris")]
    [InlineData("Answer: New York", "New York")]
    [InlineData("yes", "yes")]
    [InlineData("It floats.\nSo yes.", "So yes")]
    [InlineData("", null)]
    public void A_free_answer_is_the_words_behind_the_announcement(string text, string? expected) =>
        Assert.Equal(expected, AnswerExtractor.Flexible(text, FormatOf("Paris"))?.Text);

    [Theory]
    [InlineData("He has 3 + 4 = 7. Therefore, the answer is 7", "7")]
    [InlineData("Therefore, the answer is 7.", "7")]
    [InlineData("Therefore, the answer is 1,234.50.", "1234.5")]
    [InlineData("Therefore, the answer is 7. Therefore, the answer is 8", "8")]
    [InlineData("Therefore, the answer is 7\nQ: What is 1 + 1? A: Therefore, the answer is 2", "7")]
    [InlineData("Therefore, the answer is 7</s>Therefore, the answer is 8", "7")]
    [InlineData("Therefore, the answer is 7 apples.", null)]
    [InlineData("therefore, the answer is 7", null)]
    [InlineData("So the answer is 7", null)]
    [InlineData("Therefore, the answer is", null)]
    [InlineData("7", null)]
    public void The_strict_form_is_the_prompts_own_sentence_with_the_answer_alone(string text, string? expected) =>
        Assert.Equal(expected, AnswerExtractor.Strict(text, FormatOf("1"))?.Text);

    [Theory]
    [InlineData("Therefore, the answer is C", "C")]
    [InlineData("Therefore, the answer is (C).", "C")]
    [InlineData("Therefore, the answer is c", null)]
    [InlineData("Therefore, the answer is (C) river.", null)]
    [InlineData("Therefore, the answer is F", null)]
    public void The_strict_form_of_a_choice_is_its_letter(string text, string? expected) =>
        Assert.Equal(expected, AnswerExtractor.Strict(text, FormatOf("A", Verbs))?.Text);

    [Theory]
    [InlineData("#### 5", ExtractionRule.Marker)]
    [InlineData("\\boxed{5}", ExtractionRule.Box)]
    [InlineData("The answer is 5.", ExtractionRule.Statement)]
    [InlineData("5", ExtractionRule.WholeText)]
    [InlineData("So she has 5 apples.", ExtractionRule.LastSentence)]
    public void The_audit_tells_by_which_sign_an_answer_was_found(string text, ExtractionRule rule) =>
        Assert.Equal(new ExtractedAnswer("5", rule), AnswerExtractor.Flexible(text, FormatOf("1")));

    [Fact]
    public void Arbitrary_text_is_read_without_an_error()
    {
        string[] parts =
        [
            "the answer is ", "Therefore, ", "#### ", "\\boxed{", "}", "\\frac{", "{", "(", ")", "=", "-", "+", "/", "%", "$", ".", ",", ":", " ", "\n", "5", "1,000", "2.5", "1/0", "0", "one ", "half ", "and ", "or ", "to ",
            "from ", "between ", "not ", "A", "(B)", "river ", "Q: ", "</s>", "x ", "10^", "e9", "\ud835", "\u00bd", "\u00b2", "dozen ", "because ", "Wait, ",
        ];
        Gen.Int[0, parts.Length - 1].List[0, 30].Sample(picks =>
        {
            var text = string.Concat(picks.Select(pick => parts[pick]));
            var number = AnswerExtractor.Flexible(text, FormatOf("1"));
            Assert.True(number is null || AnswerMatcher.Matches(number.Text, number.Text, FormatOf("1")), text);
            var choice = AnswerExtractor.Flexible(text, FormatOf("A", Verbs));
            Assert.True(choice is null || choice.Text is "A" or "B" or "C" or "D" or "E", text);
            AnswerExtractor.Flexible(text, FormatOf("words"));
        }, iter: 3000);
    }

    [Theory]
    [InlineData("the answer is ")]
    [InlineData("\\boxed{")]
    [InlineData("\\frac{1}{2} ")]
    [InlineData("1,")]
    [InlineData("9")]
    [InlineData("\n")]
    [InlineData("because ")]
    [InlineData("Q: ")]
    [InlineData("(")]
    [InlineData("one ")]
    [InlineData("*a ")]
    public void A_hostile_text_costs_little(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length)) + "5";
        AnswerExtractor.Flexible(text, FormatOf("1"));
        AnswerExtractor.Flexible(text, FormatOf("A", Verbs));
        AnswerExtractor.Strict(text, FormatOf("1"));
    }

    private static AnswerFormat FormatOf(string answer, string? choices = null) => AnswerFormat.Of(new Question
    {
        Id = "q",
        Text = string.Empty,
        Answer = answer,
        Choices = choices?.Split('|').Select((text, index) => (text, index)).ToDictionary(pair => ((char)('A' + pair.index)).ToString(), pair => pair.text),
    });
}

using Kpod.Datasets.Answers;
using Kpod.Datasets.Questions;

namespace Kpod.Tests.Datasets.Answers;

public sealed class AnswerMatcherTests
{
    [Theory]
    [InlineData("5", "5.0", true)]
    [InlineData("5", "05", true)]
    [InlineData("1234", "1,234", true)]
    [InlineData("0.75", "3/4", true)]
    [InlineData("1/3", "2/6", true)]
    [InlineData("1/3", "0.3333333333", false)]
    [InlineData("25%", "25", true)]
    [InlineData("25%", "0.25", true)]
    [InlineData("25", "0.25", false)]
    [InlineData("25%", "0.25%", false)]
    [InlineData("-0", "0", true)]
    [InlineData("-5", "5", false)]
    [InlineData("5:30", "5:30", true)]
    [InlineData("10:15", "20:30", false)]
    [InlineData("6:8", "3:4", true)]
    [InlineData("3:4", "0.75", true)]
    [InlineData("100000000000000000001", "100000000000000000000", false)]
    [InlineData("five", "5", false)]
    [InlineData(null, "5", false)]
    public void Numbers_are_compared_exactly(string? extracted, string gold, bool same) =>
        Assert.Equal(same, AnswerMatcher.Matches(extracted, gold, AnswerFormat.Of(new Question { Id = "q", Text = "", Answer = gold })));

    [Theory]
    [InlineData("D", "D", true)]
    [InlineData("D", "E", true)]
    [InlineData("A", "D", false)]
    [InlineData(null, "D", false)]
    public void Choices_with_the_same_text_are_the_same_choice(string? extracted, string gold, bool same)
    {
        var choices = new Dictionary<string, string> { ["A"] = "bus depot", ["D"] = "bridge", ["E"] = "Bridge" };
        Assert.Equal(same, AnswerMatcher.Matches(extracted, gold, AnswerFormat.Of(new Question { Id = "q", Text = "", Answer = gold, Choices = choices })));
    }

    [Theory]
    [InlineData("the Eiffel Tower.", "Eiffel tower", true)]
    [InlineData("\"Yes\"", "yes", true)]
    [InlineData("yes", "no", false)]
    public void Words_are_compared_without_case_article_and_closing_punctuation(string extracted, string gold, bool same) =>
        Assert.Equal(same, AnswerMatcher.Matches(extracted, gold, AnswerFormat.Of(new Question { Id = "q", Text = "", Answer = gold })));

    [Fact]
    public void The_format_comes_from_the_question()
    {
        Assert.Equal(AnswerKind.Number, AnswerFormat.Of(new Question { Id = "q", Text = "", Answer = "$1,234.50" }).Kind);
        Assert.Equal(AnswerKind.Text, AnswerFormat.Of(new Question { Id = "q", Text = "", Answer = "Paris" }).Kind);
        Assert.Equal(AnswerKind.Choice, AnswerFormat.Of(new Question { Id = "q", Text = "", Answer = "A", Choices = new Dictionary<string, string> { ["A"] = "x" } }).Kind);
    }
}

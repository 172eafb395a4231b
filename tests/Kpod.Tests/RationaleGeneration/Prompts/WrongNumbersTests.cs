using Kpod.RationaleGeneration.Prompts;

namespace Kpod.Tests.RationaleGeneration.Prompts;

public sealed class WrongNumbersTests
{
    [Fact]
    public void Every_source_gives_numbers_in_the_gold_ones_form()
    {
        var wrong = WrongNumbers.Of("3,600", "3 boxes of 1,200 and 5% more", "3 * 1,200 = 3,600, less $2 = $ 3,598", ["3600", "4800", "no", "-5", "2400.5"])!;
        Assert.Equal(["4,800"], wrong.OtherAnswers);
        Assert.Equal(["3", "1,200"], wrong.QuestionNumbers);
        Assert.Equal(["3,598"], wrong.IntermediateResults);
        Assert.Equal(["3,599", "3,601", "36,000", "1,800"], wrong.Neighbours);
        Assert.Equal(["3,599", "3,601", "36,000", "1,800", "3", "1,200", "3,598", "4,800"], wrong.All);
    }

    [Fact]
    public void What_does_not_fit_exactly_or_is_negative_is_left_out()
    {
        Assert.Equal(["6.5", "8.5", "75.0"], WrongNumbers.Of("7.5", string.Empty)!.Neighbours);
        Assert.Equal(["1"], WrongNumbers.Of("0", string.Empty)!.Neighbours);
        Assert.Null(WrongNumbers.Of("Paris", "Where?"));
    }
}

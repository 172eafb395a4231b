using Kpod.RationaleGeneration.Quality;

namespace Kpod.Tests.RationaleGeneration.Quality;

public sealed class WordGramsTests
{
    // By hand. "the cat sat on" is {the cat sat, cat sat on}; "the cat sat down" {the cat sat, cat sat down}: 1 of 3. Pairs: {the cat, cat sat, sat on} and {the cat, cat sat, sat down}: 2 of 4.
    [Theory]
    [InlineData("the cat sat on", "the cat sat down", 3, 1 / 3.0)]
    [InlineData("the cat sat on", "the cat sat down", 2, 2 / 4.0)]
    [InlineData("the cat sat on", "the cat sat down", 1, 3 / 5.0)]
    [InlineData("a b c a b c", "a b c", 3, 1 / 3.0)]
    [InlineData("a b c d e", "a b c d e", 3, 1)]
    [InlineData("a b c d e", "f g h i j", 3, 0)]
    public void The_overlap_is_the_share_of_common_grams(string one, string other, int size, double expected)
    {
        Assert.Equal(expected, Overlap(one, other, size), 12);
        Assert.Equal(expected, Overlap(other, one, size), 12);
    }

    [Theory]
    [InlineData("He has 3 + 4 = 7 apples.", "he, has 3+4=7 APPLES!", 1)]
    [InlineData("3 + 4 = 7", "3 + 4 = 8", 2 / 4.0)]
    [InlineData("3 + 4 = 7", "3 - 4 = 7", 1 / 5.0)]
    [InlineData("a step-by-step plan", "a step by step plan", 1)]
    [InlineData("1,000.5 is it", "1 000 5 is it", 0)]
    public void Case_and_punctuation_do_not_count_but_numbers_and_signs_do(string one, string other, double expected) => Assert.Equal(expected, Overlap(one, other, 3), 12);

    [Theory]
    [InlineData("Tom's 3.50 - 1 = 2.5, isn't it?", "tom s 3.50 - 1 = 2.5 isn t it")]
    [InlineData("x*y/2 >= -5%", "x * y / 2 > = - 5 %")]
    [InlineData("Ünïcode’s ÷ × − crème\u0301", "ünïcode s ÷ × − crème\u0301")]
    [InlineData(" ... !? ", "")]
    public void Words_are_runs_of_letters_numbers_and_signs(string text, string expected) => Assert.Equal(expected, string.Join(' ', new WordGrams(text, 3).Words));

    [Theory]
    [InlineData("yes", "yes", 1)]
    [InlineData("yes", "no", 0)]
    [InlineData("four", "it is four", 0)]
    [InlineData("it is", "it is four", 0)]
    [InlineData("it is", "it is", 1)]
    [InlineData("", "", 1)]
    [InlineData("", "it is four", 0)]
    public void A_text_shorter_than_a_gram_is_one_gram(string one, string other, double expected)
    {
        Assert.Equal(expected, Overlap(one, other, 3), 12);
        Assert.Equal(expected, Overlap(other, one, 3), 12);
    }

    [Fact]
    public void Grams_of_two_sizes_cannot_be_compared() => Assert.Throws<ArgumentException>(() => new WordGrams("a b", 2).Overlap(new WordGrams("a b", 3)));

    private static double Overlap(string one, string other, int size) => new WordGrams(one, size).Overlap(new WordGrams(other, size));
}

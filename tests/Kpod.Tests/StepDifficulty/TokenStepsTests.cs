using CsCheck;
using Kpod.StepDifficulty;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tests.StepDifficulty;

public sealed class TokenStepsTests
{
    [Fact]
    public void Tokens_go_by_their_place_so_that_a_price_written_digit_by_digit_stays_whole()
    {
        const string text = "It is $3.50. Done.";
        // It| is| $|3|.|5|0|.| Done|.
        var steps = Map(text, (0, 2), (2, 5), (5, 7), (7, 8), (8, 9), (9, 10), (10, 11), (11, 12), (12, 17), (17, 18));
        Assert.Equal([new StepTokens(0, 13, 0, 8), new StepTokens(13, 18, 8, 10)], steps);
    }

    [Fact]
    public void A_token_with_white_space_in_front_belongs_to_the_step_of_its_first_visible_character()
    {
        const string text = "One.\n\nTwo.";
        Assert.Equal([new StepTokens(0, 6, 0, 2), new StepTokens(6, 10, 2, 4)], Map(text, (0, 3), (3, 4), (4, 9), (9, 10)));
    }

    [Fact]
    public void A_token_of_white_space_alone_stays_with_the_step_that_the_white_space_belongs_to()
    {
        const string text = "One.\n\nTwo.";
        Assert.Equal([new StepTokens(0, 6, 0, 3), new StepTokens(6, 10, 3, 5)], Map(text, (0, 3), (3, 4), (4, 6), (6, 9), (9, 10)));
    }

    [Fact]
    public void A_token_over_a_boundary_belongs_to_the_step_where_it_begins()
    {
        const string text = "One.” Two.";
        Assert.Equal([new StepTokens(0, 6, 0, 2), new StepTokens(6, 10, 2, 3)], Map(text, (0, 3), (3, 6), (6, 10)));
        Assert.Equal([new StepTokens(0, 10, 0, 2)], Map(text, (0, 3), (3, 10)));
    }

    [Fact]
    public void A_step_without_a_token_joins_the_step_before_it_and_the_first_one_the_step_after()
    {
        Assert.Equal([new StepTokens(0, 9, 0, 1), new StepTokens(9, 13, 1, 2)], Map("One. ... Two.", (0, 8), (9, 13)));
        Assert.Equal([new StepTokens(0, 8, 0, 1)], Map("... Two.", (4, 8)));
    }

    [Fact]
    public void Tokens_that_stand_for_nothing_lie_where_they_start()
    {
        // A character of three bytes as byte tokens: all but the last have an empty span.
        const string text = "One. ÷ 2";
        Assert.Equal([new StepTokens(0, 5, 0, 1), new StepTokens(5, 8, 1, 5)], Map(text, (0, 4), (5, 5), (5, 5), (5, 6), (6, 8)));
    }

    [Fact]
    public void Any_tokenization_gives_steps_that_cover_text_and_tokens_in_order()
    {
        var texts = Gen.OneOf(". ", ".", "..", "\n", " ", "three", "3.14", "x", "\"", "é").Array[1, 30].Select(string.Concat).Where(text => text.Length > 0);
        Gen.Select(texts, Gen.Int[0, 1000], Gen.Bool).Sample((text, seed, splitOnNewline) =>
        {
            var tokens = RandomTokens(text, new Random(seed));
            var steps = TokenSteps.Map(text, StepSplitter.Split(text, splitOnNewline), tokens);
            Assert.Equal((0, 0), (steps[0].Start, steps[0].FirstToken));
            Assert.Equal((text.Length, tokens.Count), (steps[^1].End, steps[^1].EndToken));
            Assert.All(steps, step => Assert.True(step.EndToken > step.FirstToken && step.End > step.Start));
            Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.Equal((pair.First.End, pair.First.EndToken), (pair.Second.Start, pair.Second.FirstToken)));
        });
    }

    [Fact]
    public void A_rationale_without_tokens_or_steps_is_refused()
    {
        Assert.Throws<ArgumentException>(() => TokenSteps.Map("a.", [new RationaleStep(0, 2)], []));
        Assert.Throws<ArgumentException>(() => TokenSteps.Map(string.Empty, [], [new Token(0, 0, 0)]));
    }

    private static List<Token> RandomTokens(string text, Random random)
    {
        var tokens = new List<Token>();
        for (var start = random.Next(2); start < text.Length;)
        {
            var end = Math.Min(text.Length, start + random.Next(5));
            tokens.Add(new Token(0, start, end));
            start = end + random.Next(2);
        }

        return tokens.Count > 0 ? tokens : [new Token(0, 0, text.Length)];
    }

    private static IReadOnlyList<StepTokens> Map(string text, params (int Start, int End)[] tokens) =>
        TokenSteps.Map(text, StepSplitter.Split(text), [.. tokens.Select(token => new Token(0, token.Start, token.End))]);
}

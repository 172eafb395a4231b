using Kpod.Distillation.Methods.SpecializedKd.Alignment;

namespace Kpod.Tests.Distillation.Methods.SpecializedKd.Alignment;

public sealed class TokenAlignmentTests
{
    [Fact]
    public void Two_equal_tokenisations_are_aligned_one_to_one_and_all_is_carried_over()
    {
        string[] words = ["▁it", "▁costs", "▁12", "."];
        var alignment = Align([" it", " costs", " 12", "."], words);
        Assert.Equal([(0, 0), (1, 1), (2, 2), (3, 3)], alignment.Path.Cells);
        Assert.All(alignment.Targets, target => Assert.True(target.IsTransferred));
        Assert.Equal(words, alignment.Targets.Select(target => target.Distribution[0].Token));
        Assert.Equal([0.6, 0.6, 0.6, 0.6], alignment.Targets.Select(target => target.Distribution[0].Probability));
    }

    [Fact]
    public void One_token_that_is_two_in_the_student_is_one_hot_in_both()
    {
        var alignment = Align([" earns", " 12"], ["▁earn", "s", "▁12"]);
        Assert.Equal([false, false, true], alignment.Targets.Select(target => target.IsTransferred));
        Assert.Equal(new TokenProbability("▁earn", 1), Assert.Single(alignment.Targets[0].Distribution));
        Assert.Equal([0], alignment.Targets[0].TeacherPositions);
    }

    [Fact]
    public void Control_tokens_go_at_both_ends_only_and_foreign_tokens_are_dropped()
    {
        var alignment = TokenAlignment.Of(
            [new("\n", []), new(" a", [new(" a", 0.4), new("zz", 0.3), new("▁a", 0.1)]), new("\n", []), new(" b", [new("zz", 1)]), new("\n", [])],
            ["▁a", "\n", "▁b"], ["\n"], piece => piece is "▁a" or "▁b");
        Assert.Equal((1, 4), (alignment.First, alignment.End));
        Assert.Equal([new TokenProbability("▁a", 0.4)], alignment.Targets[0].Distribution);
        Assert.Equal([2], alignment.Targets[1].TeacherPositions);
        Assert.Equal([new TokenProbability("▁b", 1)], alignment.Targets[2].Distribution);
        Assert.False(alignment.Targets[2].IsTransferred);
        Assert.Equal([0, 1, 1, 7], alignment.Distributions(piece => piece == "▁a" ? 0 : 1, endId: 7).Select(target => target.Ids[0]));
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData(" earn", "▁earn", 0)]
    [InlineData("", "▁ab", 2)]
    [InlineData("😀a", "😁a", 1)]
    public void Blanks_do_not_count_in_the_edit_distance(string one, string other, int expected)
    {
        Assert.Equal(expected, EditDistance.Of(one, other));
        Assert.Equal(expected, EditDistance.Of(other, one));
    }

    [Fact]
    public void A_teacher_of_control_tokens_alone_leaves_every_token_one_hot()
    {
        var alignment = TokenAlignment.Of([new("\n", [])], ["▁a"], ["\n"], _ => true);
        Assert.Empty(alignment.Path.Cells);
        Assert.Equal([new TokenProbability("▁a", 1)], Assert.Single(alignment.Targets).Distribution);
    }

    private static TokenAlignment Align(string[] teacher, string[] student) =>
        TokenAlignment.Of([.. teacher.Select(token => new TeacherToken(token, [new(token, 0.6), new("other", 0.2)]))], student, ["\n"], _ => true);
}

using Kpod.Quickstart.WordProblems;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Quickstart.Tests;

public sealed class KeypointRecoveryTests
{
    private static readonly RationaleKeypoints Labels = new() { QuestionId = "q", Sample = 0, Spans = [new CharacterSpan(3, 4), new CharacterSpan(5, 6)] };

    // "ab 7 8 c": the tokens "ab", " 7", " 8", " c"; the digits are keypoints.
    [Theory]
    [InlineData(0.1, 0.9, 0.8, 0.2, 1.0)]
    [InlineData(0.9, 0.1, 0.2, 0.8, 0.0)]
    [InlineData(0.5, 0.5, 0.5, 0.5, 0.5)]
    [InlineData(0.1, 0.9, 0.2, 0.3, 0.75)]
    [InlineData(0.2, 0.9, 0.2, 0.1, 0.875)]
    public void The_area_is_the_share_of_pairs_in_the_right_order(double first, double second, double third, double fourth, double expected)
    {
        var weights = new RationaleTokenWeights
        {
            QuestionId = "q",
            Sample = 0,
            Tokens = [new("ab", 0, 2, first), new(" 7", 2, 4, second), new(" 8", 4, 6, third), new(" c", 6, 8, fourth)],
        };
        Assert.Equal(expected, KeypointRecovery.AreaUnderCurve([weights], [Labels])!.Value, 12);
    }

    [Fact]
    public void Rationales_without_labels_and_white_space_count_for_nothing()
    {
        var other = new RationaleTokenWeights { QuestionId = "r", Sample = 0, Tokens = [new("x", 0, 1, 0.5)] };
        var blank = new RationaleTokenWeights { QuestionId = "q", Sample = 0, Tokens = [new(" ", 2, 3, 0.5), new("7", 3, 4, 0.5)] };
        Assert.Null(KeypointRecovery.AreaUnderCurve([other, blank], [Labels]));
    }
}

using Kpod.Distillation.Methods.PlainCot;
using Kpod.Distillation.Visits;

namespace Kpod.Tests.Distillation.Visits;

public sealed class DistillationExampleTests
{
    private static readonly DistillationItem Item = Items.Make("q", 0, [10, 11, 12, 13, 14], stepEnds: [2, 3, 5]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    public void The_first_c_steps_are_read_but_not_learned(int givenSteps, int firstSupervised)
    {
        var example = DistillationExample.Make(Item, Item.TokenWeights, givenSteps);
        Assert.Equal([10, 11, 12, 13, 14, 90, 91, 2], example.ResponseIds);
        Assert.Equal(Enumerable.Range(0, 8).Select(token => token >= firstSupervised), example.Supervised);
        float[] all = [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 1, 1, 1];
        Assert.Equal(all[firstSupervised..].Select(weight => Math.Round(weight, 5)), example.Weights.Select(weight => Math.Round(weight, 5)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void More_or_fewer_given_steps_than_there_are_is_an_error(int givenSteps) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DistillationExample.Make(Item, Item.TokenWeights, givenSteps));

    [Fact]
    public void Plain_distillation_learns_every_token_alike()
    {
        var example = new PlainCotMethod().Visit(Item, stage: 1);
        Assert.All(example.Supervised, Assert.True);
        Assert.All(example.Weights, weight => Assert.Equal(1f, weight));
    }
}

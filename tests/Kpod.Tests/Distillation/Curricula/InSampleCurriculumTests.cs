using Kpod.Distillation.Curricula;
using Kpod.Distillation.Visits;

namespace Kpod.Tests.Distillation.Curricula;

public sealed class InSampleCurriculumTests
{
    [Theory]
    [InlineData(3, "0.6 0.3 0 0")]
    [InlineData(4, "0.6 0.6 0.3 0 0")]
    [InlineData(6, "0.6 0.6 0.3 0.3 0 0 0")]
    [InlineData(1, "0.6 0")]
    public void The_given_share_falls_in_thirds_of_the_first_T_epochs(int fullEpoch, string expected)
    {
        var curriculum = new InSampleCurriculum(fullEpoch);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(1, fullEpoch + 1).Select(epoch => curriculum.Ratio(epoch).ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void The_first_labels_are_given_and_stay_in_the_response()
    {
        var item = Items.Make("q", 0, [10, 11, 12, 13, 14, 15, 16], [7]); // ten labels with the answer segment
        var whole = DistillationExample.Make(item, item.TokenWeights, 0);
        var shortened = InSampleCurriculum.Shorten(whole, 0.3);
        Assert.Equal(whole.ResponseIds, shortened.ResponseIds);
        Assert.Equal([false, false, false, true, true, true, true, true, true, true], shortened.Supervised);
        Assert.Equal(whole.Weights[3..], shortened.Weights);
    }

    [Fact]
    public void With_nothing_given_it_is_the_plain_loss()
    {
        var item = Items.Make("q", 0, [10, 11], [2]);
        var whole = DistillationExample.Make(item, item.TokenWeights, 0);
        var same = InSampleCurriculum.Shorten(whole, 0);
        Assert.Equal(whole.Supervised, same.Supervised);
        Assert.Equal(whole.Weights, same.Weights);
    }

    [Theory]
    [InlineData(10, 6)]
    [InlineData(5, 3)]
    [InlineData(35, 21)]
    [InlineData(1, 0)]
    public void A_share_is_rounded_down_but_not_below_the_whole_number_that_it_is(int labels, int expected) => Assert.Equal(expected, InSampleCurriculum.PrefixLength(0.6, labels));
}

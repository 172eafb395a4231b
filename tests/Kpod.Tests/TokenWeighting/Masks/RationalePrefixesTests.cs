using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;

namespace Kpod.Tests.TokenWeighting.Masks;

public sealed class RationalePrefixesTests
{
    [Fact]
    public void Stratified_prefixes_lie_one_in_each_part_and_are_uniform_on_the_whole()
    {
        var random = new Random(1);
        var counts = new int[11];
        for (var draw = 0; draw < 20_000; draw++)
        {
            var prefixes = RationalePrefixes.Draw(PrefixSet.Stratified, 10, 4, stepEnds: null, random);
            Assert.Equal(4, prefixes.Length);
            for (var part = 0; part < 4; part++)
            {
                Assert.InRange(prefixes[part], 1 + (int)(part * 2.5), (int)Math.Ceiling((part + 1) * 2.5));
                counts[prefixes[part]]++;
            }
        }

        Assert.Equal(0, counts[0]);
        Assert.All(counts[1..], count => Assert.InRange(count, 7_600, 8_400));
    }

    [Fact]
    public void All_prefixes_are_every_length_and_step_ends_are_the_steps()
    {
        Assert.Equal([1, 2, 3], RationalePrefixes.Draw(PrefixSet.AllTokens, 3, 4, stepEnds: null, new Random(1)));
        Assert.Equal([2, 5], RationalePrefixes.Draw(PrefixSet.StepEnds, 5, 4, [2, 5], new Random(1)));
        Assert.Throws<ArgumentException>(() => RationalePrefixes.Draw(PrefixSet.StepEnds, 5, 4, stepEnds: null, new Random(1)));
    }

    [Theory]
    [InlineData(100, new[] { 25, 50, 75, 100 })]
    [InlineData(2, new[] { 1, 1, 2, 2 })]
    [InlineData(1, new[] { 1, 1, 1, 1 })]
    public void Quarters_end_with_the_rationale(int tokens, int[] expected) => Assert.Equal(expected, RationalePrefixes.Quarters(tokens));
}

using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.Tests.RationaleGeneration.Teachers.Calls;

public sealed class ThoughtTagsTests
{
    [Theory]
    [InlineData("3 + 4 = 7.", "3 + 4 = 7.", "")]
    [InlineData("  3 + 4 = 7.", "  3 + 4 = 7.", "")]
    [InlineData("<think>\nHm.\n</think>\n\n3 + 4 = 7.", "3 + 4 = 7.", "Hm.")]
    [InlineData("Perhaps 12? No.\n</think>\n\n3 + 4 = 7.", "3 + 4 = 7.", "Perhaps 12? No.")]
    [InlineData("<think>\nPerhaps 12. Hm, the answer is 7.", "", "Perhaps 12. Hm, the answer is 7.")]
    [InlineData("So. <think>Hm.", "", "Hm.")]
    [InlineData("<THINKING>a</THINKING>b <think>c</think>d", "b d", "a\nc")]
    [InlineData("a</think>b</think>c", "c", "a\nb")]
    [InlineData("[THINK]a[/THINK]b", "b", "a")]
    [InlineData("<think></think>b", "b", "")]
    public void Thoughts_are_told_from_the_text(string text, string rest, string thought) => Assert.Equal((rest, thought), ThoughtTags.Split(text, string.Empty));

    [Fact]
    public void A_thought_that_was_given_apart_stays_and_tags_go_all_the_same() => Assert.Equal(("b", "apart\na"), ThoughtTags.Split("a</think>b", "apart"));
}

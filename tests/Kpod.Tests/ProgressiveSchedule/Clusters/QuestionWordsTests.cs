using Kpod.ProgressiveSchedule.Clusters;

namespace Kpod.Tests.ProgressiveSchedule.Clusters;

public sealed class QuestionWordsTests
{
    [Theory]
    [InlineData("How many apples has Tom?", "how many apples has tom")]
    [InlineData("Tom's mother didn’t pay $3,500.25 (50%) for 12-inch pizzas.", "tom 's mother did n't pay 3,500.25 50 for 12 inch pizzas")]
    [InlineData("They're sure she'll say café... 'no'", "they 're sure she 'll say café no")]
    [InlineData("can't won't n't", "ca n't wo n't n't")]
    [InlineData("3. Yes, 4,", "3 yes 4")]
    [InlineData("!? --", "")]
    public void Words_are_spelt_as_in_the_vocabulary_of_the_vectors(string text, string words) => Assert.Equal(words, string.Join(' ', QuestionWords.Of(text)));
}

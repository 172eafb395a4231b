using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.Tests.RationaleGeneration.Teachers.Calls;

public sealed class FinishReasonsTests
{
    [Theory]
    [InlineData(null, null, true)]
    [InlineData("stop", "stop", true)]
    [InlineData("STOP", "STOP", true)]
    [InlineData("eos_token", "eos_token", true)]
    [InlineData("end_turn", "end_turn", true)]
    [InlineData("abort_by_owner", "abort_by_owner", true)]
    [InlineData("length", "length", false)]
    [InlineData("model_length", "length", false)]
    [InlineData("MAX_TOKENS", "length", false)]
    [InlineData("max-output-tokens", "length", false)]
    [InlineData("truncated", "length", false)]
    [InlineData("token limit", "length", false)]
    [InlineData("SAFETY", "content_filter", false)]
    [InlineData("content_filter", "content_filter", false)]
    [InlineData("error", "error", false)]
    [InlineData("SERVER_ERROR", "error", false)]
    [InlineData("abort", "error", false)]
    [InlineData("refusal", "refusal", false)]
    public void Servers_words_are_brought_to_the_few_that_matter(string? word, string? expected, bool isWhole)
    {
        Assert.Equal(expected, FinishReasons.Read(word));
        Assert.Equal(isWhole, FinishReasons.IsWhole(FinishReasons.Read(word)));
    }
}

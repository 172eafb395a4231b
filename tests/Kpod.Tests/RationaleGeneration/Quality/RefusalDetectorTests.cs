using System.Text.Json;
using Kpod.RationaleGeneration.Quality;
using Kpod.Testing;

namespace Kpod.Tests.RationaleGeneration.Quality;

public sealed class RefusalDetectorTests
{
    [Theory]
    [InlineData("I'm sorry, but I can't help with that.")]
    [InlineData("I’m sorry, but I can’t assist with that request.")]
    [InlineData("Sorry, I cannot comply with this request.")]
    [InlineData("I am sorry but I am unable to assist you with that.")]
    [InlineData("I apologize, but I'm not able to help with this question.")]
    [InlineData("Unfortunately, I cannot provide assistance here.")]
    [InlineData("As an AI language model, I cannot generate such content.")]
    [InlineData("I'm sorry, but as an AI developed by a company, I can't answer that.")]
    [InlineData("I cannot fulfill your request. Let us talk of something else.")]
    [InlineData("I won't do that.")]
    [InlineData("I must respectfully decline to answer.")]
    [InlineData("\n  I have to refuse.")]
    [InlineData("I'm really sorry about that, but I'm not going to engage in this.")]
    public void A_teacher_that_says_it_will_not_refuses(string text) => Assert.True(RefusalDetector.IsRefusal(text));

    [Theory]
    [InlineData("")]
    [InlineData("Tom is sorry. He cannot help his 3 friends, so 3 - 3 = 0.")]
    [InlineData("I'm sorry for the confusion. Let's compute 3 + 4 = 7.")]
    [InlineData("I apologize for the error: 3 + 4 = 7.")]
    [InlineData("I can't help but notice that 3 + 4 = 7.")]
    [InlineData("I cannot determine the answer, because the price of a book is not given.")]
    [InlineData("I'm sorry, but the question does not say how many apples there are.")]
    [InlineData("Unfortunately, it cannot be determined from what is given.")]
    [InlineData("As an AI language model, I count 3 apples and 4 pears, so 7.")]
    [InlineData("I do not know.")]
    [InlineData("I will help you step by step. 3 + 4 = 7.")]
    [InlineData("We cannot help with 3 more, so 7. Therefore, the answer is 7. \"I can't help with that\", he said.")]
    [InlineData("Bob said: I can't assist with that.")]
    public void A_teacher_that_errs_or_does_not_know_does_not_refuse(string text) => Assert.False(RefusalDetector.IsRefusal(text));

    [Theory]
    [InlineData("data/svamp/train.jsonl")]
    [InlineData("data/asdiv/train.jsonl")]
    [InlineData("data/gsm8k/train.jsonl")]
    [InlineData("data/csqa/train.jsonl")]
    public void None_of_the_recorded_rationales_with_a_right_answer_counts_as_a_refusal(string file)
    {
        var texts = File.ReadLines(SharedFolder.PathOf(file)).SelectMany(line =>
        {
            using var record = JsonDocument.Parse(line);
            return record.RootElement.TryGetProperty("rationales", out var rationales)
                ? rationales.EnumerateArray().Where(rationale => rationale.TryGetProperty("correct", out var correct) && correct.ValueKind == JsonValueKind.True).Select(rationale => rationale.GetProperty("text").GetString()!).ToArray()
                : [];
        }).ToArray();
        Assert.NotEmpty(texts);
        Assert.DoesNotContain(texts, RefusalDetector.IsRefusal);
    }
}

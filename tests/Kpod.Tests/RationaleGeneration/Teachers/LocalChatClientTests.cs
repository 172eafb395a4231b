using Kpod.Checkpoints;
using Kpod.RationaleGeneration.Teachers;
using Kpod.Testing;
using Kpod.Tests.Inference;
using Microsoft.Extensions.AI;

namespace Kpod.Tests.RationaleGeneration.Teachers;

public sealed class LocalChatClientTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(0.9f)]
    public async Task A_text_is_the_same_alone_and_in_any_company(float? temperature)
    {
        string[] prompts = [.. Enumerable.Range(0, 7).Select(number => new string((char)(0x100 + 10 + number), 3 + number))];
        using var alone = Client(batchSize: 1);
        var expected = new List<string>();
        foreach (var prompt in prompts)
        {
            expected.Add((await AskAsync(alone, prompt, temperature)).Text);
        }

        Assert.InRange(expected.Distinct().Count(), 4, 7);
        using var together = Client(batchSize: 4);
        var texts = await Task.WhenAll(prompts.Reverse().Select(prompt => AskAsync(together, prompt, temperature)));
        Assert.Equal(expected, texts.Reverse().Select(text => text.Text));
    }

    [Fact]
    public async Task The_seed_draws_the_text_and_the_response_counts_its_tokens()
    {
        using var client = Client(batchSize: 2);
        var first = await AskAsync(client, "\u0110\u0111\u0112", 0.9f, seed: 1);
        Assert.Equal(first.Text, (await AskAsync(client, "\u0110\u0111\u0112", 0.9f, seed: 1)).Text);
        Assert.NotEqual(first.Text, (await AskAsync(client, "\u0110\u0111\u0112", 0.9f, seed: 2)).Text);
        Assert.Equal((3L, 12L, ChatFinishReason.Length, "tiny"), (first.Usage!.InputTokenCount, first.Usage.OutputTokenCount, first.FinishReason, first.ModelId));
    }

    [Fact]
    public async Task A_prompt_that_fills_the_context_is_refused_alone()
    {
        using var client = Client(batchSize: 2);
        var tooLong = AskAsync(client, new string('\u0110', 256), null);
        var fits = AskAsync(client, "\u0110\u0111\u0112", null);
        var refused = await Assert.ThrowsAsync<TeacherCallException>(() => tooLong);
        Assert.Equal((TeacherFailure.Request, "the prompt has 256 tokens, but the model's context is 256 and must hold the answer too"), (refused.Failure, refused.Message));
        Assert.NotEmpty((await fits).Text);
    }

    private static LocalChatClient Client(int batchSize) => new(new Checkpoint(TinyModel.Llama(), new LetterTokenizer(), "tiny", [1]), template: null, "tiny", batchSize, TimeProvider.System);

    private static Task<ChatResponse> AskAsync(LocalChatClient client, string prompt, float? temperature, long seed = 1) =>
        client.GetResponseAsync([new ChatMessage(ChatRole.User, prompt)], new ChatOptions { MaxOutputTokens = 12, Temperature = temperature, Seed = seed }, TestContext.Current.CancellationToken);
}

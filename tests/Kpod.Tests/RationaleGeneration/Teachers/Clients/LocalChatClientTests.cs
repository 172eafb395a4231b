using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Testing;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Clients;
using Microsoft.Extensions.AI;
using TorchSharp;

namespace Kpod.Tests.RationaleGeneration.Teachers.Clients;

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

    [Theory]
    [InlineData(null)]
    [InlineData(0.9f)]
    public async Task Log_probabilities_are_those_of_the_model_at_each_token_that_it_wrote(float? temperature)
    {
        using var model = TinyModel.Llama();
        using var client = Client(batchSize: 2);
        var options = new ChatOptions { MaxOutputTokens = 12, Temperature = temperature, Seed = 3, AdditionalProperties = new() { [ChatMessages.TopLogProbabilities] = 5 } };
        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "\u0110\u0111\u0112")], options, TestContext.Current.CancellationToken);
        var (reply, body) = ChatMessages.ToReply(response);
        var places = AnswerLogProbabilities.Read(new TeacherAnswer { Text = reply.Text, Raw = body, Seconds = 1, ArrivedAt = DateTimeOffset.UnixEpoch })!;
        Assert.Equal(12, places.Count);
        Assert.Equal(reply.Text, string.Concat(places.Select(place => reply.Text[place.Start!.Value..place.End!.Value])));

        // Token by token with a cache, as the text was written.
        using var decoding = model.StartDecoding([[0x10, 0x11, 0x12]]);
        foreach (var place in places)
        {
            using var scope = torch.NewDisposeScope();
            var expected = decoding.NextLogits.to(torch.ScalarType.Float64).log_softmax(-1)[0].data<double>().ToArray();
            Assert.InRange(place.Chosen.LogProbability - expected[place.Chosen.Id!.Value], -1e-4, 1e-4);
            Assert.Equal(expected.OrderDescending().Take(5), place.Top.Select(token => token.LogProbability), (left, right) => Math.Abs(left - right) < 1e-4);
            Assert.All(place.Top, token => Assert.InRange(token.LogProbability - expected[token.Id!.Value], -1e-4, 1e-4));
            Assert.InRange(place.CoveredProbability, place.Top.Max(token => Math.Exp(token.LogProbability)), 1);
            Assert.True(temperature is not null || place.Top[0].Id == place.Chosen.Id);
            decoding.Append([place.Chosen.Id!.Value]);
        }

        // They change nothing of the text.
        Assert.Equal(reply.Text, (await AskAsync(client, "\u0110\u0111\u0112", temperature, seed: 3)).Text);
    }

    private static LocalChatClient Client(int batchSize) => new(new Checkpoint(TinyModel.Llama(), new LetterTokenizer(), "tiny", [1]), template: null, "tiny", batchSize, TimeProvider.System);

    private static Task<ChatResponse> AskAsync(LocalChatClient client, string prompt, float? temperature, long seed = 1) =>
        client.GetResponseAsync([new ChatMessage(ChatRole.User, prompt)], new ChatOptions { MaxOutputTokens = 12, Temperature = temperature, Seed = seed }, TestContext.Current.CancellationToken);
}

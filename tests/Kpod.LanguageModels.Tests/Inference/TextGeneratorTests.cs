using Kpod.LanguageModels.Inference;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Inference;

public sealed class TextGeneratorTests
{
    private static readonly LetterTokenizer Tokenizer = new();

    public static TheoryData<string> Variants => [.. RecordedModels.Folders];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Greedy_texts_are_those_of_the_reference_batched_and_alone(string variant)
    {
        using var scope = torch.NewDisposeScope();
        using var reference = new ReferenceModel(variant);
        int[] endIds = variant == "llama-rope-llama3" ? [2, 5] : [reference.Model.IsCausal ? 2 : 1];
        var prompts = ReferenceModel.Rows(reference["greedy_prompt_ids"], reference["greedy_prompt_mask"]);
        var expected = ReferenceModel.Rows(reference["greedy_new_ids"]).Select(row => Array.FindIndex(row, endIds.Contains) is var end and >= 0 ? row[..(end + 1)] : row).ToArray();
        foreach (var batchSize in new[] { 1, 2, 16 })
        {
            var texts = Generate(reference.Model, prompts, endIds, new GenerationOptions { MaximumNewTokens = 24, BatchSize = batchSize });
            for (var row = 0; row < expected.Length; row++)
            {
                Assert.Equal(expected[row], texts[row].Ids);
                Assert.Equal(expected[row].Length < 24 || endIds.Contains(expected[row][^1]) ? StopReason.EndToken : StopReason.Length, texts[row].StopReason);
            }
        }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    public void Every_batch_gives_the_text_that_a_prompt_alone_gives(string family)
    {
        using ILanguageModel model = family == "t5" ? TinyModel.T5() : TinyModel.Llama();
        var random = new Random(5);
        int[][] prompts = [.. Enumerable.Range(0, 13).Select(_ => Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(2, 96)).ToArray())];
        var options = new GenerationOptions { MaximumNewTokens = 20, BatchSize = 1 };

        // Ids that random models like to write end texts at different times, so that rows leave the batch on the way.
        var endIds = Generate(model, prompts, [], options).Select(text => text.Ids[random.Next(3, 20)]).Distinct().Take(4).ToArray();
        var alone = Generate(model, prompts, endIds, options);
        Assert.Contains(alone, text => text.StopReason == StopReason.Length || text.Ids.Length > 8);
        Assert.Contains(alone, text => text.StopReason == StopReason.EndToken);
        foreach (var batchSize in new[] { 2, 5, 13 })
        {
            var batched = Generate(model, prompts, endIds, options with { BatchSize = batchSize });
            Assert.Equal(alone.Select(text => text.Ids), batched.Select(text => text.Ids));
            Assert.Equal(alone.Select(text => text.StopReason), batched.Select(text => text.StopReason));
        }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    public void Decoding_with_a_cache_gives_the_logits_of_the_whole_sequence(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using ILanguageModel model = family == "t5" ? TinyModel.T5() : TinyModel.Llama();
        int[][] prompts = [[1, 7, 9, 11, 30], [1, 5], [1, 8, 40]];
        int[][] continuations = [[3, 4, 5, 6], [50, 51, 52, 53], [9, 8, 7, 6]];
        using var decoding = model.StartDecoding(prompts);
        var rows = new List<int> { 0, 1, 2 };
        for (var token = 0; token < 4; token++)
        {
            foreach (var (row, place) in rows.Select((row, place) => (row, place)))
            {
                // The token itself stands in as the target; only the state before it matters.
                var batch = new TeacherForcedBatch([prompts[row]], [continuations[row][..(token + 1)]], [[.. Enumerable.Range(0, token + 1).Select(index => index == token)]]);
                TensorAssert.Close(model.Logits(model.PredictingStates(batch)).squeeze(0), decoding.NextLogits[place], 1e-5, $"{family} row {row} token {token}");
            }

            if (token == 1)
            {
                decoding.Keep([0, 2]);
                rows = [0, 2];
            }

            decoding.Append([.. rows.Select(row => continuations[row][token])]);
        }
    }

    [Fact]
    public void A_stop_text_ends_a_text_and_is_left_out()
    {
        using var model = TinyModel.Llama();
        int[][] prompts = [[3, 4, 5], [9, 2]];
        var options = new GenerationOptions { MaximumNewTokens = 12 };
        var free = Generate(model, prompts, [], options);
        Assert.All(free, text => Assert.Equal(StopReason.Length, text.StopReason));
        var stop = free[0].Text[4..7];
        var stopped = Generate(model, prompts, [], options with { StopTexts = [stop, "never"] })[0];
        Assert.Equal(StopReason.StopText, stopped.StopReason);
        Assert.Equal(free[0].Text[..free[0].Text.IndexOf(stop, StringComparison.Ordinal)], stopped.Text);
        Assert.Equal(free[0].Ids[..stopped.Ids.Length], stopped.Ids);
        Assert.EndsWith(stop, Tokenizer.Decode(stopped.Ids), StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_that_fills_the_context_is_refused_and_a_long_one_stops_at_its_end()
    {
        using var model = TinyModel.Llama();
        var full = Enumerable.Repeat(5, 256).ToArray();
        var exception = Assert.Throws<KpodException>(() => Generate(model, [[4], full], [], new GenerationOptions()));
        Assert.Equal("generation: prompt 2 has 256 tokens, but the model's context is 256 and must hold the answer too; shorten it", exception.Message);
        var text = Generate(model, [full[..250]], [], new GenerationOptions { MaximumNewTokens = 20 })[0];
        Assert.Equal(6, text.Ids.Length);
        Assert.Equal(StopReason.Length, text.StopReason);
    }

    [Fact]
    public void Sampled_texts_depend_on_the_seed_and_not_on_the_batches()
    {
        using var model = TinyModel.Llama();
        int[][] prompts = [.. Enumerable.Range(2, 6).Select(id => Enumerable.Repeat(id, id).ToArray())];
        var options = new GenerationOptions { MaximumNewTokens = 10, Sampling = new Sampling.TopP(0.9, 1.5), BatchSize = 6, Seed = 7 };
        var texts = Generate(model, prompts, [], options).Select(text => text.Text).ToList();
        Assert.Equal(texts, Generate(model, prompts, [], options with { BatchSize = 2 }).Select(text => text.Text));
        Assert.NotEqual(texts, Generate(model, prompts, [], options with { Seed = 8 }).Select(text => text.Text));
    }

    [Fact]
    public void Progress_counts_texts_and_tokens_and_cancelling_stops_between_tokens()
    {
        using var model = TinyModel.Llama();
        int[][] prompts = [[3], [4, 5], [6]];
        var reports = new Reports();
        var options = new GenerationOptions { MaximumNewTokens = 5, BatchSize = 2 };
        new TextGenerator(model, Tokenizer, []).Generate(prompts, options, reports, TestContext.Current.CancellationToken);
        Assert.Equal(new GenerationProgress(3, 3, 15), reports.All[^1]);
        Assert.Equal(10, reports.All.Count);
        using var source = new CancellationTokenSource();
        reports.OnReport = () => source.Cancel();
        Assert.Throws<OperationCanceledException>(() => new TextGenerator(model, Tokenizer, []).Generate(prompts, options, reports, source.Token));
        Assert.Equal(11, reports.All.Count);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    public void Generating_leaves_no_tensor_behind(string family)
    {
        using ILanguageModel model = family == "t5" ? TinyModel.T5() : TinyModel.Llama();
        LeakCheck.IsFlat(() => Generate(model, [[3, 5, 2], [4, 5], [6]], [7, 8, 9], new GenerationOptions { MaximumNewTokens = 70, BatchSize = 2 }), steps: 3);
    }

    [Fact]
    public void Options_out_of_range_are_all_named()
    {
        var options = new GenerationOptions { MaximumNewTokens = 0, BatchSize = -1, StopTexts = [""], Sampling = new Sampling.TopK(0, 0) };
        Assert.Equal(5, options.Check("evaluation.generation").Count());
        Assert.Empty(new GenerationOptions().Check("generation"));
        Assert.Single(new Sampling.TopP(1.5).Check("sampling"));
    }

    private static IReadOnlyList<GeneratedText> Generate(ILanguageModel model, IReadOnlyList<int[]> prompts, IReadOnlyList<int> endIds, GenerationOptions options) =>
        new TextGenerator(model, Tokenizer, endIds).Generate(prompts, options);

    private sealed class Reports : IProgress<GenerationProgress>
    {
        public List<GenerationProgress> All { get; } = [];

        public Action? OnReport { get; set; }

        public void Report(GenerationProgress value)
        {
            All.Add(value);
            OnReport?.Invoke();
        }
    }
}

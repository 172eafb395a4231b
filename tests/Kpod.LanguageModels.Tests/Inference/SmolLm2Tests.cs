using System.Text.Json;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Inference;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Inference;

public sealed class SmolLm2Tests : IDisposable
{
    private readonly Checkpoint _checkpoint = CheckpointLoader.Load(
        SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf"), torch.ScalarType.Float32, TestDevice.Current);

    [Fact]
    public void Greedy_texts_are_those_of_the_reference_batched_and_alone()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "smollm2", "greedy.json")));
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().Take(6).ToList(); // all twelve are equal too; half of them saves ten seconds
        int[][] prompts = [.. rows.Select(row => row.GetProperty("ids").Deserialize<int[]>()!)];
        int[][] expected = [.. rows.Select(row => row.GetProperty("new_ids").Deserialize<int[]>()!)];
        var generator = new TextGenerator(_checkpoint.Model, _checkpoint.Tokenizer, _checkpoint.EndIds);
        var texts = generator.Generate(prompts, new GenerationOptions { MaximumNewTokens = 48, BatchSize = 6 }, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(expected, texts.Select(text => text.Ids));
        Assert.Equal(rows.Select(row => row.GetProperty("text").GetString()!.Replace("<|im_end|>", string.Empty, StringComparison.Ordinal)), texts.Select(text => text.Text));

        Assert.Contains(texts, text => text.StopReason == StopReason.EndToken);

        // The shortest prompt alone: no padding, one row.
        var shortest = Enumerable.Range(0, prompts.Length).MinBy(row => prompts[row].Length);
        var alone = generator.Generate([prompts[shortest]], new GenerationOptions { MaximumNewTokens = 12 }, cancel: TestContext.Current.CancellationToken)[0];
        Assert.Equal(expected[shortest][..12], alone.Ids);
    }

    [Fact]
    public void Losses_of_a_padded_batch_are_the_log_probabilities_of_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "smollm2", "logprobs.json")));
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().Take(3).ToList();
        int[][] ids = [.. rows.Select(row => row.GetProperty("ids").Deserialize<int[]>()!)];
        Assert.True(ids.Select(row => row.Length).Distinct().Count() > 1);
        var batch = new TeacherForcedBatch([.. ids.Select(row => row[..1])], [.. ids.Select(row => row[1..])], [.. ids.Select(row => Enumerable.Repeat(true, row.Length - 1).ToArray())]);
        double[] expected = [.. rows.SelectMany(row => row.GetProperty("next_token_logprobs").Deserialize<double[]>()!)];
        TensorAssert.Close(torch.tensor(expected).neg(), TokenLoss.NegativeLogLikelihoods(_checkpoint.Model, batch), 1e-5, "token losses");
    }

    public void Dispose() => _checkpoint.Dispose();
}

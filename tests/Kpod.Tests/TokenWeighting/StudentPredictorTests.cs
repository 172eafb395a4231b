using Kpod.Models;
using Kpod.RationaleGeneration;
using Kpod.Testing;
using Kpod.TokenWeighting;
using Kpod.Training;
using TorchSharp;

namespace Kpod.Tests.TokenWeighting;

public sealed class StudentPredictorTests
{
    [Fact]
    public void A_branch_computes_what_the_plain_sequence_of_prompt_prefix_and_answer_does()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        using var predictor = Adapted(model);
        EncodedRationale[] batch = [PlantedRationales.Make("a", "Q wa wb", "wc 3 wd we wf", "3 1"), PlantedRationales.Make("b", "Q", "wa wb 2", "2")];
        int[][] prefixes = [[1, 3, 5], [2]];
        var branches = predictor.NegativeLogLikelihoods(batch, predictor.Embed(batch), prefixes);

        var expected = new List<float>();
        for (var row = 0; row < batch.Length; row++)
        {
            foreach (var prefix in prefixes[row])
            {
                int[] given = [.. batch[row].PromptIds, .. batch[row].RationaleTokens[..prefix].Select(token => token.Id), .. batch[row].AnswerIds[..batch[row].AnswerValueStart]];
                var value = batch[row].AnswerIds[batch[row].AnswerValueStart..batch[row].AnswerValueEnd];
                var plain = new TeacherForcedBatch([given], [value], [[.. value.Select(_ => true)]]);
                expected.Add(TokenLoss.NegativeLogLikelihoods(model, plain).sum().cpu().item<float>());
            }
        }

        TensorAssert.Close(torch.tensor(expected.ToArray()), branches, 1e-5, "branches");
    }

    [Fact]
    public void With_every_token_masked_nothing_of_the_rationale_is_left()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        using var predictor = Adapted(model);
        torch.Tensor Losses(string text, float keep)
        {
            EncodedRationale[] batch = [PlantedRationales.Make("a", "Q wa", text, "3")];
            var masked = RationaleMask.Apply(predictor.Embed(batch), torch.full(1, 4, keep, device: TestDevice.Current), predictor.Placeholder);
            return predictor.NegativeLogLikelihoods(batch, masked, [[2, 4]]);
        }

        Assert.True(torch.allclose(Losses("wc 3 wd we", 0), Losses("4 wa 2 wb", 0), rtol: 0, atol: 0));
        Assert.False(torch.allclose(Losses("wc 3 wd we", 0.3f), Losses("4 wa 2 wb", 0.3f), rtol: 1e-3));
    }

    [Fact]
    public void A_token_behind_the_prefix_has_no_influence_and_one_within_has()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        using var predictor = Adapted(model);
        EncodedRationale[] batch = [PlantedRationales.Make("a", "Q wa", "wc 3 wd we", "3"), PlantedRationales.Make("b", "Q wa", "wb 1 wd", "1")];
        var mask = torch.full(2, 4, 0.7f, device: TestDevice.Current).requires_grad_(true);
        var masked = RationaleMask.Apply(predictor.Embed(batch), mask, predictor.Placeholder);
        predictor.NegativeLogLikelihoods(batch, masked, [[2], [3]]).sum().backward();
        var gradient = mask.grad!.cpu().data<float>().ToArray();
        Assert.All([0, 1, 4, 5, 6], token => Assert.NotEqual(0, gradient[token]));
        Assert.All([2, 3, 7], token => Assert.Equal(0, gradient[token]));
    }

    [Fact]
    public void The_answer_s_loss_reaches_the_logit_of_every_weight()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        foreach (var sampling in new[] { MaskSampling.Soft, MaskSampling.HardStraightThrough })
        {
            using var module = new TokenWeightingModule(Adapted(model), MaskSite.TokenEmbedding, MaskMode.Placeholder, seed: 1);
            var batch = PlantedRationales.Make(3, seed: 2);
            var reading = module.Read(batch, withLogits: true);
            reading.Logits!.retain_grad();
            var mask = RationaleMask.Sample(reading.Logits, torch.rand_like(reading.Logits), 0.7, sampling);
            module.AnswerLosses(batch, reading, mask, [.. batch.Select(rationale => new[] { rationale.RationaleTokens.Length })]).sum().backward();
            var gradient = reading.Logits.grad!;
            Assert.True((gradient.ne(0) == reading.TokenMask.ne(0)).all().cpu().item<bool>(), $"{sampling}: dL/ds is 0 at a token, or not 0 in the padding");
            Assert.All(module.GeneratorParameters, parameter => Assert.True(parameter.Value.grad!.abs().sum().cpu().item<float>() > 0, parameter.Name));
        }
    }

    [Fact]
    public void The_student_is_as_before_when_the_predictor_is_gone()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        var batch = new TeacherForcedBatch([[4, 5]], [[6, 7]], [[true, true]]);
        var before = TokenLoss.NegativeLogLikelihoods(model, batch);
        using (Adapted(model))
        {
            Assert.False(torch.allclose(before, TokenLoss.NegativeLogLikelihoods(model, batch), rtol: 1e-4));
            Assert.Throws<InvalidOperationException>(() => new StudentPredictor(PlantedRationales.Checkpoint(model), rank: 2, seed: 1));
        }

        Assert.True(torch.allclose(before, TokenLoss.NegativeLogLikelihoods(model, batch), rtol: 0, atol: 0));
        Assert.All(model.Linears, linear => Assert.Null(linear.Lora));
    }

    // With a second factor that is not 0, so that the adapter counts.
    private static StudentPredictor Adapted(LlamaModel model)
    {
        var predictor = new StudentPredictor(PlantedRationales.Checkpoint(model), rank: 2, seed: 1);
        using var noGradient = torch.no_grad();
        foreach (var parameter in predictor.TransformerParameters)
        {
            using var scope = torch.NewDisposeScope();
            parameter.Value.add_(torch.full_like(parameter.Value, 0.05f));
        }

        return predictor;
    }
}

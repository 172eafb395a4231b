using Kpod.LanguageModels;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Predictors;
using TorchSharp;

namespace Kpod.Tests.TokenWeighting.Predictors;

public sealed class EncoderDecoderPredictorTests
{
    [Fact]
    public void Unmasked_it_is_the_plain_model_on_question_prefix_and_end_token()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.T5();
        var student = PlantedRationales.Checkpoint(model);
        using var predictor = new EncoderDecoderPredictor(student, student, rank: 2, seed: 1);
        EncodedRationale[] batch =
        [
            PlantedRationales.Make("a", "Q wa wb", "wc 3 wd we wf", "3 1", encoderDecoder: true),
            PlantedRationales.Make("b", "Q", "wa wb 2", "2", encoderDecoder: true),
        ];
        int[][] prefixes = [[1, 3, 5], [2]];
        var losses = predictor.NegativeLogLikelihoods(batch, predictor.Embed(batch), prefixes);

        var expected = new List<float>();
        for (var row = 0; row < batch.Length; row++)
        {
            foreach (var prefix in prefixes[row])
            {
                int[] prompt = [.. batch[row].PromptIds[..^1], .. batch[row].RationaleTokens[..prefix].Select(token => token.Id), 1];
                int[] answer = [.. batch[row].AnswerIds[2..^1], 1];
                var plain = new TeacherForcedBatch([prompt], [answer], [[.. answer.Select(_ => true)]]);
                expected.Add(TokenLoss.NegativeLogLikelihoods(model, plain).sum().cpu().item<float>());
            }
        }

        TensorAssert.Close(torch.tensor(expected.ToArray()), losses, 1e-5, "prefixes");
    }

    [Fact]
    public void With_every_token_masked_nothing_of_the_rationale_is_left()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.T5();
        var student = PlantedRationales.Checkpoint(model);
        using var predictor = new EncoderDecoderPredictor(student, student, rank: 2, seed: 1);
        torch.Tensor Losses(string text, float keep)
        {
            EncodedRationale[] batch = [PlantedRationales.Make("a", "Q wa", text, "3", encoderDecoder: true)];
            var masked = RationaleMask.Apply(predictor.Embed(batch), torch.full(1, 4, keep, device: TestDevice.Current), predictor.Placeholder);
            return predictor.NegativeLogLikelihoods(batch, masked, [[2, 4]]);
        }

        Assert.True(torch.allclose(Losses("wc 3 wd we", 0), Losses("4 wa 2 wb", 0), rtol: 0, atol: 0));
        Assert.False(torch.allclose(Losses("wc 3 wd we", 0.3f), Losses("4 wa 2 wb", 0.3f), rtol: 1e-3));
    }

    [Fact]
    public void The_placeholder_starts_as_the_first_sentinel()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.T5();
        var student = PlantedRationales.Checkpoint(model);
        using var predictor = new EncoderDecoderPredictor(student, student, rank: 2, seed: 1);
        TensorAssert.Close(model.InputEmbedding[3], predictor.Placeholder, 0, "placeholder");
    }

    [Fact]
    public void A_student_of_another_width_is_projected_and_the_answer_s_loss_reaches_every_weight()
    {
        using var scope = torch.NewDisposeScope();
        using var student = TinyModel.Llama();
        using var model = TinyModel.T5(vocabularySize: 120);
        using var predictor = new EncoderDecoderPredictor(PlantedRationales.Checkpoint(student), PlantedRationales.Checkpoint(model), rank: 2, seed: 1);
        using var module = new TokenWeightingModule(predictor, MaskSite.TokenEmbedding, MaskMode.Placeholder, seed: 1);
        var batch = PlantedRationales.Make(3, seed: 2);
        var reading = module.Read(batch, withLogits: true);
        reading.Logits!.retain_grad();
        var mask = RationaleMask.Sample(reading.Logits, torch.rand_like(reading.Logits), 0.7, MaskSampling.Soft);
        module.AnswerLosses(batch, reading, mask, [.. batch.Select(rationale => new[] { rationale.RationaleTokens.Length })]).sum().backward();
        Assert.True((reading.Logits.grad!.ne(0) == reading.TokenMask.ne(0)).all().cpu().item<bool>());
        Assert.Equal(["placeholder", "projection"], predictor.InputParameters.Select(parameter => parameter.Name));
        Assert.All(predictor.InputParameters, parameter => Assert.True(parameter.Value.grad!.abs().sum().cpu().item<float>() > 0, parameter.Name));
    }

    [Fact]
    public void The_projection_finds_a_linear_map_between_the_embeddings_of_shared_pieces()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var student = TinyModel.Llama();
        using var model = TinyModel.T5();
        string[] words = [.. Enumerable.Range(0, 80).Select(word => $"w{word}")];
        var from = new Checkpoint(student, new WordTokenizer(words), "student", [1]);
        var to = new Checkpoint(model, new WordTokenizer([.. words.Reverse(), "other"]), "predictor", [1]);

        // Row by row the predictor's embedding is the student's, turned by a fixed matrix, under other ids.
        var map = torch.randn(32, 32) / Math.Sqrt(32);
        for (var id = 0; id < from.Tokenizer.VocabularySize; id++)
        {
            var other = Enumerable.Range(0, to.Tokenizer.VocabularySize).Single(candidate => to.Tokenizer.Piece(candidate) == from.Tokenizer.Piece(id));
            model.InputEmbedding[other] = torch.mv(map.to(TestDevice.Current), student.InputEmbedding[id]);
        }

        using var projection = EmbeddingProjection.Fit(from, to);
        TensorAssert.Close(map, projection, 0.05, "projection");
    }

    [Fact]
    public void Vocabularies_with_next_to_nothing_in_common_are_refused()
    {
        using var student = TinyModel.Llama();
        using var model = TinyModel.T5();
        var error = Assert.Throws<KpodException>(() => EmbeddingProjection.Fit(
            new Checkpoint(student, new WordTokenizer("a", "b"), "student", [1]),
            new Checkpoint(model, new WordTokenizer("b", "c"), "predictor", [1])));
        Assert.StartsWith("The vocabularies of student and predictor share 5 pieces; mapping one embedding to the other needs at least 32.", error.Message, StringComparison.Ordinal);
    }
}

using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.T5;

public sealed class T5ModelTests
{
    [Fact]
    public void In_bfloat16_large_activations_stay_finite_and_the_logits_close()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var reference = new ReferenceModel("t5-flan-gated-untied", torch.ScalarType.BFloat16);
        Assert.Equal(torch.ScalarType.BFloat16, reference.Model.WeightType);
        Assert.All(reference.Model.Linears, linear => Assert.Equal(
            linear.Name.EndsWith(".wo", StringComparison.Ordinal) ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16, linear.Weight.dtype));
        var mask = reference["attention_mask"].to(torch.ScalarType.Bool);
        torch.Tensor Run() => Logits(reference.Model, reference.T5.Decode(reference["decoder_input_ids"], reference.T5.Encode(reference.T5.Embed(reference["input_ids"]), mask), mask));
        TensorAssert.Close(reference["logits"], Run().mul(reference["labels"].ge(0).unsqueeze(-1)), 6e-2, "logits in bfloat16");

        foreach (var linear in reference.Model.Linears.Where(linear => linear.Name.Contains(".wi_", StringComparison.Ordinal)))
        {
            linear.Weight.mul_(1e15);
        }

        // Products of two such activations lie beyond 1e30, and their sum over many layers must not become infinite.
        Assert.True(Run().isfinite().all().cpu().item<bool>());
    }

    [Fact]
    public void In_bfloat16_large_activations_give_finite_gradients()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.T5(type: torch.ScalarType.BFloat16);
        using (torch.no_grad())
        {
            // Gated activations near 1e10, far beyond what float16 holds.
            foreach (var linear in model.Linears.Where(linear => linear.Name.Contains(".wi_", StringComparison.Ordinal)))
            {
                linear.Weight.mul_(1e5);
            }
        }

        var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 4 }, seed: 1);
        var batch = new TeacherForcedBatch([[5, 6, 7, 1], [8, 9, 1]], [[10, 11, 1], [12, 13, 14, 1]], [[true, true, true], [true, true, true, true]]);
        var losses = TokenLoss.NegativeLogLikelihoods(model, batch);
        losses.sum().backward();
        Assert.True(losses.isfinite().all().cpu().item<bool>());
        Assert.All(adapter.Parameters, parameter => Assert.True(parameter.Value.grad!.isfinite().all().cpu().item<bool>(), parameter.Name));
        Assert.Contains(adapter.Parameters, parameter => parameter.Value.grad!.abs().max().cpu().item<float>() > 0);
    }

    [Fact]
    public void Weights_are_listed_once_under_their_published_names()
    {
        using var untied = new ReferenceModel("t5-flan-deep");
        var names = untied.Model.Weights.Select(weight => weight.Key).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        var encoderLayer = 2 + 4 + 3;
        var decoderLayer = 3 + 8 + 3;
        Assert.Equal(1 + (2 * encoderLayer) + 2 + (3 * decoderLayer) + 2 + 1, names.Count);
        Assert.Contains("lm_head.weight", names);
        Assert.Contains("decoder.block.2.layer.1.EncDecAttention.o.weight", names);
        using var tied = new ReferenceModel("t5-v1_0-relu-tied");
        Assert.DoesNotContain("lm_head.weight", tied.Model.Weights.Select(weight => weight.Key));
        Assert.Contains("encoder.block.0.layer.1.DenseReluDense.wi.weight", tied.Model.Weights.Select(weight => weight.Key));
    }

    [Fact]
    public void A_prompt_without_tokens_is_refused()
    {
        using var model = TinyModel.T5();
        var batch = new TeacherForcedBatch([[]], [[3, 1]], [[true, true]]);
        Assert.Contains("at least one token", Assert.Throws<ArgumentException>(() => model.PredictingStates(batch)).Message);
    }

    private static torch.Tensor Logits(ILanguageModel model, torch.Tensor states) =>
        model.Logits(states.view(-1, model.HiddenSize)).view(states.shape[0], states.shape[1], -1);
}

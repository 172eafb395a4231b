using Kpod.Models;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.Tests.Models;

public sealed class T5ModelTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Variants => ["t5-v1_0-relu-tied", "t5-flan-gated-untied", "t5-flan-deep"];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Encoder_states_and_logits_are_those_of_the_reference(string variant)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var reference = new ReferenceModel(variant);
        var mask = reference["attention_mask"].to(torch.ScalarType.Bool);
        var encoded = reference.T5.Encode(reference.T5.Embed(reference["input_ids"]), mask);
        TensorAssert.Close(reference["encoder_last_hidden_state"], encoded.mul(mask.unsqueeze(-1)), Tolerance, $"{variant} encoder_last_hidden_state");

        var logits = Logits(reference.Model, reference.T5.Decode(reference["decoder_input_ids"], encoded, mask));
        var labels = reference["labels"];
        var isLabel = labels.ge(0);
        TensorAssert.Close(reference["logits"], logits.mul(isLabel.unsqueeze(-1)), Tolerance, $"{variant} logits");

        var logProbabilities = logits.log_softmax(-1).gather(2, labels.clamp_min(0).unsqueeze(-1)).squeeze(-1).mul(isLabel);
        TensorAssert.Close(reference["token_logprobs"], logProbabilities, Tolerance, $"{variant} token_logprobs");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Embeddings_may_stand_in_for_ids_and_get_the_gradient_of_the_reference(string variant)
    {
        using var scope = torch.NewDisposeScope();
        using var reference = new ReferenceModel(variant);
        var embeddings = reference["inputs_embeds"].requires_grad_(true);
        var mask = reference["attention_mask"].to(torch.ScalarType.Bool);
        var logits = Logits(reference.Model, reference.T5.Decode(reference["decoder_input_ids"], reference.T5.Encode(embeddings, mask), mask));
        var labels = reference["labels"];
        var isLabel = labels.ge(0);
        TensorAssert.Close(reference["logits_from_embeds"], logits.mul(isLabel.unsqueeze(-1)), Tolerance, $"{variant} logits_from_embeds");

        var negativeLogLikelihoods = logits.log_softmax(-1).gather(2, labels.clamp_min(0).unsqueeze(-1)).squeeze(-1).neg();
        negativeLogLikelihoods.mul(reference["token_weights"]).sum().div(isLabel.sum()).backward();
        TensorAssert.Close(reference["grad_inputs_embeds"], embeddings.grad!, Tolerance, $"{variant} grad_inputs_embeds");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Relative_buckets_are_those_of_the_reference(string variant)
    {
        using var scope = torch.NewDisposeScope();
        using var reference = new ReferenceModel(variant);
        var configuration = reference.T5.Configuration;
        foreach (var (name, bidirectional) in new[] { ("bucket_bidirectional", true), ("bucket_causal", false) })
        {
            var expected = reference[name].cpu().data<long>().ToArray();
            var actual = Enumerable.Range(0, expected.Length)
                .Select(index => RelativeBuckets.Of(index - (2 * configuration.RelativeMaximumDistance), bidirectional, configuration.RelativeBuckets, configuration.RelativeMaximumDistance));
            Assert.Equal(expected, actual);
        }
    }

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

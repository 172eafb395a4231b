using Kpod.LanguageModels;
using Kpod.LanguageModels.Testing;
using Kpod.TokenWeighting.Generator;
using TorchSharp;

namespace Kpod.Tests.TokenWeighting.Generator;

public sealed class SelfAttentionTests
{
    [Fact]
    public void At_the_last_token_it_is_the_first_attention_of_the_causal_model_it_was_copied_from()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        using var attention = FirstAttention.Of(model);
        KeepFirstAttentionOnly(model);
        var embeddings = model.Embed(torch.tensor(new long[,] { { 5, 17, 3, 60, 21 } }, device: TestDevice.Current));
        var states = model.Forward(embeddings, torch.arange(5, device: TestDevice.Current).unsqueeze(0));
        var ours = attention.Forward(embeddings, torch.ones(1, 5, device: TestDevice.Current));
        TensorAssert.Close(states[0, -1], Normed(ours, 1e-5)[0, -1], 1e-5, "last token");

        // Both ways: an earlier token sees what comes behind it.
        Assert.True(TensorAssert.RelativeDifference(states[0, 0], Normed(ours, 1e-5)[0, 0]) > 1e-2);
    }

    [Fact]
    public void It_is_block_0_of_the_encoder_it_was_copied_from()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.T5();
        using var attention = FirstAttention.Of(model);
        KeepFirstAttentionOnly(model);
        var embeddings = model.Embed(torch.tensor(new long[,] { { 5, 17, 3, 60, 21, 8 } }, device: TestDevice.Current));
        TensorAssert.Close(model.Encode(embeddings), Normed(attention.Forward(embeddings, torch.ones(1, 6, device: TestDevice.Current)), 1e-6), 1e-5, "encoder");
    }

    [Fact]
    public void Padding_changes_nothing_and_every_parameter_gets_a_gradient()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var attention in new[] { FirstAttention.Of(TinyModel.Llama()), FirstAttention.Of(TinyModel.T5()) })
        {
            var x = torch.randn(1, 7, 32, device: TestDevice.Current);
            var mask = torch.tensor(new[,] { { 1f, 1f, 1f, 1f, 0f, 0f, 0f } }, device: TestDevice.Current);
            var padded = attention.Forward(x, mask);
            TensorAssert.Close(attention.Forward(x[.., ..4], torch.ones(1, 4, device: TestDevice.Current)), padded[.., ..4], 1e-6, "real tokens");
            padded[.., ..4].square().sum().backward();
            Assert.All(attention.Parameters, parameter => Assert.True(parameter.Value.grad!.abs().sum().cpu().item<float>() > 0, parameter.Name));
        }
    }

    private static torch.Tensor Normed(torch.Tensor x, double epsilon) => x / (x.square().mean([-1], keepdim: true) + epsilon).sqrt();

    // What is added to the stream by anything but the first self-attention becomes 0; freshly drawn norms are 1.
    private static void KeepFirstAttentionOnly(ILanguageModel model)
    {
        using var noGradient = torch.no_grad();
        foreach (var linear in model.Linears)
        {
            var isFirst = linear.Name is "model.layers.0.self_attn.o_proj" or "encoder.block.0.layer.0.SelfAttention.o";
            if (!isFirst && linear.Name.Split('.')[^1] is "o_proj" or "down_proj" or "o" or "wo" && !isFirst)
            {
                linear.Weight.zero_();
            }
        }
    }
}

using Kpod.LanguageModels;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.TokenWeighting.Generator;

/// <summary>Copies the first self-attention layer of a pretrained model: where <c>Att</c> of Eq. 2 starts from.</summary>
internal static class FirstAttention
{
    /// <summary>The first block's attention of a causal model; its causal mask stays behind.</summary>
    /// <param name="model">The model.</param>
    /// <returns>A trainable float32 copy; the caller disposes of it.</returns>
    public static SelfAttention Of(LlamaModel model)
    {
        var configuration = model.Configuration;
        var copy = Copier(model, "model.layers.0.");
        return new SelfAttention
        {
            Norm = copy("input_layernorm.weight")!,
            NormEpsilon = configuration.NormEpsilon,
            Maps = (copy("self_attn.q_proj.weight")!, copy("self_attn.k_proj.weight")!, copy("self_attn.v_proj.weight")!, copy("self_attn.o_proj.weight")!),
            Biases = (copy("self_attn.q_proj.bias"), copy("self_attn.k_proj.bias"), copy("self_attn.v_proj.bias"), copy("self_attn.o_proj.bias")),
            HeadNorms = (copy("self_attn.q_norm.weight"), copy("self_attn.k_norm.weight")),
            Heads = configuration.Heads,
            KeyValueHeads = configuration.KeyValueHeads,
            Scale = 1 / Math.Sqrt(configuration.HeadSize),
            Positions = new AttentionPositions.Rotary(model.RotaryFrequencies.clone().DetachFromDisposeScope()),
        };
    }

    /// <summary>Block 0 of a T5 encoder, relative position bias included.</summary>
    /// <param name="model">The model.</param>
    /// <returns>A trainable float32 copy; the caller disposes of it.</returns>
    public static SelfAttention Of(T5Model model)
    {
        var configuration = model.Configuration;
        var copy = Copier(model, "encoder.block.0.layer.0.");
        return new SelfAttention
        {
            Norm = copy("layer_norm.weight")!,
            NormEpsilon = configuration.NormEpsilon,
            Maps = (copy("SelfAttention.q.weight")!, copy("SelfAttention.k.weight")!, copy("SelfAttention.v.weight")!, copy("SelfAttention.o.weight")!),
            Heads = configuration.Heads,
            KeyValueHeads = configuration.Heads,
            Scale = 1,
            Positions = new AttentionPositions.RelativeBias(copy("SelfAttention.relative_attention_bias.weight")!, configuration.RelativeMaximumDistance),
        };
    }

    // Gives null for a weight that the model does not have.
    private static Func<string, torch.Tensor?> Copier(ILanguageModel model, string prefix)
    {
        var weights = model.Weights.ToDictionary(weight => weight.Key, weight => weight.Value, StringComparer.Ordinal);
        var quantised = model.Linears.Where(linear => linear.IsQuantised).ToDictionary(linear => $"{linear.Name}.weight", StringComparer.Ordinal);
        return name =>
        {
            using var scope = torch.NewDisposeScope();
            using var noGradient = torch.no_grad();
            var weight = weights.GetValueOrDefault(prefix + name) ?? quantised.GetValueOrDefault(prefix + name)?.DenseWeight();
            return weight?.to(torch.ScalarType.Float32, copy: true).DetachFromDisposeScope().requires_grad_(true);
        };
    }
}

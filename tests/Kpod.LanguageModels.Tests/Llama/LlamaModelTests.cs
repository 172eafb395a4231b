using Kpod.LanguageModels.Decoding;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Llama;

public sealed class LlamaModelTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Variants =>
        ["llama-gqa-tied", "llama-mha-untied", "llama-rope-llama3", "llama-sharded", "llama-bf16", "llama-bias", "mistral", "qwen2", "qwen3"];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_text_read_in_pieces_with_a_cache_gives_the_same_states(string variant)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var reference = new ReferenceModel(variant);
        var model = reference.Llama;
        var embeddings = model.Embed(reference["input_ids"]);
        var tokens = embeddings.shape[1];
        var positions = torch.arange(tokens, device: TestDevice.Current).unsqueeze(0);
        using var cache = new KeyValueCache(model.Configuration.Layers);
        var pieces = new List<torch.Tensor>();
        foreach (var length in new[] { 3, 1, 4, tokens - 8 })
        {
            var (from, piece) = (cache.Length, embeddings.narrow(1, cache.Length, length));
            pieces.Add(model.Forward(piece, positions.narrow(1, from, length), additiveMask: null, cache));
        }

        Assert.Equal(tokens, cache.Length);
        TensorAssert.Close(model.Forward(embeddings, positions), torch.cat([.. pieces], 1), Tolerance, $"{variant} states");
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32, 200, 1e-5)]
    [InlineData(torch.ScalarType.Float32, 1100, 1e-5)]
    [InlineData(torch.ScalarType.BFloat16, 200, 6e-2)]
    public void Causal_attention_in_blocks_is_attention_with_a_causal_mask(torch.ScalarType type, int tokens, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama(type: type);
        torch.manual_seed(1);
        var ids = torch.randint(2, 96, [2, tokens], device: TestDevice.Current);
        var positions = torch.arange(tokens, device: TestDevice.Current).unsqueeze(0);
        var mask = torch.full(tokens, tokens, float.NegativeInfinity, dtype: type, device: TestDevice.Current).triu(1).view(1, 1, tokens, tokens).expand(2, 1, tokens, tokens);
        var direction = torch.randn(2, tokens, 32, device: TestDevice.Current).to(type);
        torch.Tensor Gradient(torch.Tensor? additiveMask, out torch.Tensor states)
        {
            var embeddings = model.Embed(ids).detach().requires_grad_(true);
            states = model.Forward(embeddings, positions, additiveMask);
            states.mul(direction).sum().backward();
            return embeddings.grad!;
        }

        var (inBlocks, masked) = (Gradient(null, out var states), Gradient(mask, out var expected));
        TensorAssert.Close(expected, states, tolerance, $"{type} {tokens} states");
        TensorAssert.Close(masked, inBlocks, tolerance, $"{type} {tokens} gradient");
    }

    [Fact]
    public void Gradients_flow_into_the_input_embeddings_and_never_backwards_in_the_text()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        torch.manual_seed(2);
        var positions = torch.arange(4, device: TestDevice.Current).unsqueeze(0);
        var (direction, step) = (torch.randn(2, 32, device: TestDevice.Current), torch.randn(2, 4, 32, device: TestDevice.Current));
        torch.Tensor Loss(torch.Tensor input) => model.Forward(input, positions).select(1, 2).mul(direction).sum();
        var embeddings = model.Embed(torch.tensor(new long[,] { { 1, 5, 9, 7 }, { 1, 8, 3, 0 } }, device: TestDevice.Current)).detach().requires_grad_(true);
        Loss(embeddings).backward();
        Assert.Equal(0, embeddings.grad!.select(1, 3).abs().max().cpu().item<float>());

        // A small step changes the loss by what the gradient says.
        using var noGradient = torch.no_grad();
        const double Size = 3e-3;
        var slope = (Loss(embeddings + (step * Size)).cpu().item<float>() - Loss(embeddings - (step * Size)).cpu().item<float>()) / (2 * Size);
        Assert.True(Math.Abs(slope) > 1);
        Assert.Equal(1, embeddings.grad!.mul(step).sum().cpu().item<float>() / slope, 5e-3);
    }

    [Fact]
    public void Weights_are_listed_once_under_their_published_names()
    {
        using var untied = new ReferenceModel("llama-mha-untied");
        var names = untied.Model.Weights.Select(weight => weight.Key).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Equal((2 * 9) + 3, names.Count);
        Assert.Contains("lm_head.weight", names);
        Assert.Contains("model.layers.1.post_attention_layernorm.weight", names);
        using var tied = new ReferenceModel("llama-gqa-tied");
        Assert.DoesNotContain("lm_head.weight", tied.Model.Weights.Select(weight => weight.Key));
        Assert.Equal(14, tied.Model.Linears.Count);
        Assert.Equal("model.layers.0.self_attn.q_proj", tied.Model.Linears[0].Name);
    }

    [Fact]
    public void In_bfloat16_the_logits_stay_close_to_float32()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var reference = new ReferenceModel("llama-bf16", torch.ScalarType.BFloat16);
        var ids = reference["input_ids"];
        var states = reference.Llama.Forward(reference.Llama.Embed(ids), torch.arange(ids.shape[1], device: TestDevice.Current).unsqueeze(0));
        Assert.Equal(torch.ScalarType.BFloat16, states.dtype);
        var logits = Logits(reference.Model, states);
        Assert.Equal(torch.ScalarType.Float32, logits.dtype);
        TensorAssert.Close(reference["logits"], logits.mul(reference["attention_mask"].unsqueeze(-1)), 6e-2, "logits in bfloat16");
    }

    private static torch.Tensor Logits(ILanguageModel model, torch.Tensor states) =>
        model.Logits(states.view(-1, model.HiddenSize)).view(states.shape[0], states.shape[1], -1);
}

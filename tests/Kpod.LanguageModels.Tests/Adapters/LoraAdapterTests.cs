using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Adapters;

public sealed class LoraAdapterTests
{
    [Fact]
    public void A_fresh_adapter_changes_nothing_and_is_trainable_in_float32()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama(type: torch.ScalarType.BFloat16);
        using var batch = Logits(model);
        var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 4 }, seed: 7);
        Assert.True(batch.cpu().bytes.SequenceEqual(Logits(model).cpu().bytes));
        Assert.Equal(2 * model.Linears.Count, adapter.Parameters.Count);
        Assert.All(adapter.Parameters, parameter => Assert.True(parameter.Value.requires_grad && parameter.Value.dtype == torch.float32));
        adapter.Detach();
        Assert.All(model.Linears, linear => Assert.Null(linear.Lora));
    }

    [Fact]
    public void A_is_uniform_within_one_over_the_root_of_the_inputs_and_b_is_zero()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 64 }, seed: 7);
        foreach (var (a, b) in adapter.Parameters.Chunk(2).Select(pair => (pair[0], pair[1])))
        {
            Assert.EndsWith(".lora_A.weight", a.Name, StringComparison.Ordinal);
            Assert.EndsWith(".lora_B.weight", b.Name, StringComparison.Ordinal);
            var bound = 1 / Math.Sqrt(a.Value.shape[1]);

            // Of 2048 or more draws the largest lies above 0.98 of the bound but for one time in 10^17; a uniform number's deviation is bound / √3.
            Assert.InRange(a.Value.abs().max().item<float>(), 0.98 * bound, bound * 1.000001);
            Assert.InRange(a.Value.std().item<float>(), 0.9 * bound / Math.Sqrt(3), 1.1 * bound / Math.Sqrt(3));
            Assert.Equal(0, b.Value.abs().max().item<float>());
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_adapter_and_another_seed_another()
    {
        using var scope = torch.NewDisposeScope();
        var drawn = new[] { 7L, 7L, 8L }.Select(seed =>
        {
            using var model = TinyModel.Llama();
            torch.rand(seed); // the global generator is of no influence
            return LoraAdapter.Attach(model, new LoraOptions { Rank = 4 }, seed).Parameters.Select(parameter => parameter.Value.detach().cpu().bytes.ToArray()).SelectMany(bytes => bytes).ToArray();
        }).ToArray();
        Assert.Equal(drawn[0], drawn[1]);
        Assert.NotEqual(drawn[0], drawn[2]);
    }

    [Theory]
    [InlineData("o", 6)]
    [InlineData("SelfAttention.o", 4)]
    [InlineData("wo", 4)]
    [InlineData("wi_0", 4)]
    public void A_target_matches_whole_components_of_a_name(string target, int matches)
    {
        using var model = TinyModel.T5();
        var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 2, Targets = [target] }, seed: 1);
        Assert.Equal(matches, adapter.Parameters.Count / 2);
        Assert.All(adapter.Parameters, parameter => Assert.Contains($".{target}.lora_", parameter.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Scaling_is_alpha_over_the_rank_or_over_its_root()
    {
        Assert.Equal(1, new LoraOptions { Rank = 64 }.Scaling);
        Assert.Equal(0.25, new LoraOptions { Rank = 64, Alpha = 16 }.Scaling);
        Assert.Equal(2, new LoraOptions { Rank = 64, Alpha = 16, RankStabilised = true }.Scaling);
    }

    [Fact]
    public void All_faults_of_an_adapter_are_reported_at_once()
    {
        using var model = TinyModel.Llama();
        var exception = Assert.Throws<KpodException>(() => LoraAdapter.Attach(model, new LoraOptions { Rank = 0, Alpha = -1, Dropout = 1, Targets = ["q_proj", "query"] }, seed: 1));
        Assert.Equal(
            """
            LoRA adapter: 4 faults
              - the LoRA rank is 0; it must be 1 or more
              - the LoRA alpha is -1; it must be above 0
              - the LoRA dropout is 1; it must lie in [0, 1)
              - the target 'query' matches no linear map of the model; it has q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj
            """,
            exception.Message);
        Assert.All(model.Linears, linear => Assert.Null(linear.Lora));
    }

    [Fact]
    public void A_second_adapter_is_refused()
    {
        using var model = TinyModel.Llama();
        LoraAdapter.Attach(model, new LoraOptions { Rank = 2 }, seed: 1);
        Assert.Throws<InvalidOperationException>(() => LoraAdapter.Attach(model, new LoraOptions { Rank = 2 }, seed: 1));
    }

    [Fact]
    public void Attaching_and_detaching_leaves_no_tensors_behind()
    {
        using var model = TinyModel.Llama();
        LeakCheck.IsFlat(() => LoraAdapter.Attach(model, new LoraOptions { Rank = 2 }, seed: 1).Detach());
    }

    private static torch.Tensor Logits(LlamaModel model)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var batch = new TeacherForcedBatch([[1, 2, 3]], [[4, 5, 6]], [[true, true, true]]);
        return model.Logits(model.PredictingStates(batch)).MoveToOuterDisposeScope();
    }
}

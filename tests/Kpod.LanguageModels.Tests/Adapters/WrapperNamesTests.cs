using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Adapters;

public sealed class WrapperNamesTests
{
    private const string Known = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";

    [Theory]
    [InlineData("base_model.model._orig_mod.model.layers.0.self_attn.q_proj.lora_A.weight", "has '_orig_mod.' in its name")]
    [InlineData("base_model.model.model.layers.0.self_attn.q_proj.lora_A.default.weight", "has 'default.' in its name")]
    [InlineData("module.base_model.model.model.layers.0.self_attn.q_proj.lora_A.mine.weight", "has 'module.' and 'mine.' in its name")]
    [InlineData("base_model.model.model.layers.0._checkpoint_wrapped_module.self_attn.q_proj.lora_A.weight", "has '_checkpoint_wrapped_module.' in its name")]
    [InlineData("model.layers.0.self_attn.q_proj.lora_A.weight", "lacks 'base_model.model.' in front:")]
    [InlineData("_orig_mod.model.layers.0.self_attn.q_proj.lora_A.weight", "lacks 'base_model.model.' in front and has '_orig_mod.' in its name")]
    public void What_a_wrapper_put_into_a_name_is_told(string name, string expected)
    {
        var told = WrapperNames.Find(name, [Known]);
        Assert.StartsWith(expected, told, StringComparison.Ordinal);
        Assert.EndsWith($"the model calls it '{Known}'", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight")]
    [InlineData("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight")]
    public void A_name_of_another_model_is_not_blamed_on_a_wrapper(string name) => Assert.Null(WrapperNames.Find(name, [Known]));

    [Theory]
    [InlineData("compiled", "'_orig_mod.'")]
    [InlineData("default", "'default.'")]
    [InlineData("empty", "holds no tensor at all")]
    public void The_shared_cases_name_what_is_wrong(string folder, string expected)
    {
        using var model = CheckpointLoader.LoadModel(SharedFolder.PathOf("cases", "18-adapter-prefix", "base"), torch.ScalarType.Float32, torch.CPU);
        Assert.Contains(expected, Assert.Throws<KpodException>(() => PeftAdapter.Load(model, SharedFolder.PathOf("cases", "18-adapter-prefix", folder))).Message, StringComparison.Ordinal);
    }
}

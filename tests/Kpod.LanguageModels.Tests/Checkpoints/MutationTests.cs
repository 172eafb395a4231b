using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints;

public sealed class MutationTests
{
    private const int Rounds = 1500;

    [Theory]
    [InlineData("safetensors-broken/all_dtypes.safetensors")]
    [InlineData("safetensors-broken/empty_tensor_between.safetensors")]
    public void Damaged_safetensors_files_are_read_or_refused(string name)
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.PathOf("damaged.safetensors");
        Mutation.Run(path, Fixture(name), Rounds, seed: 11, () =>
        {
            using var scope = torch.NewDisposeScope();
            using var file = new SafetensorsFile(path);
            foreach (var tensor in file.Tensors.Keys)
            {
                file.Read(tensor);
            }
        });
    }

    [Fact]
    public void Damaged_indexes_are_read_or_refused()
    {
        using var temporary = new TemporaryFolder();
        foreach (var shard in new[] { "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors" })
        {
            File.WriteAllBytes(temporary.PathOf(shard), Fixture($"safetensors-broken/index/valid/{shard}"));
        }

        var path = temporary.PathOf("model.safetensors.index.json");
        Mutation.Run(path, Fixture("safetensors-broken/index/valid/model.safetensors.index.json"), Rounds, seed: 12, () => SafetensorsSet.Open(temporary.FullPath).Dispose());
    }

    [Theory]
    [InlineData("gguf/metadata/all_types.gguf")]
    [InlineData("gguf/metadata/zero_elements.gguf")]
    public void Damaged_gguf_containers_are_read_or_refused(string name)
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.PathOf("damaged.gguf");
        Mutation.Run(path, Fixture(name), Rounds, seed: 13, () =>
        {
            using var scope = torch.NewDisposeScope();
            using var file = new GgufFile(path);
            foreach (var tensor in file.Tensors.Keys)
            {
                file.Read(tensor);
            }
        });
    }

    [Fact]
    public void Damaged_gguf_models_are_loaded_or_refused()
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.PathOf("damaged.gguf");
        Mutation.Run(path, Fixture("gguf/broken/valid.gguf"), Rounds, seed: 14, () =>
        {
            CheckpointLoader.LoadModel(path, torch.ScalarType.BFloat16, torch.CPU).Dispose();
            using var file = new GgufFile(path);
            GgufVocabulary.Check(file.Metadata, GgufConfiguration.Read(file).VocabularySize);
        });
    }

    [Theory]
    [InlineData("llama-rope-llama3", "config.json")]
    [InlineData("qwen2", "config.v4.json")]
    [InlineData("t5-flan-gated-untied", "config.json")]
    public void Damaged_configurations_are_loaded_or_refused(string variant, string name)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllBytes(temporary.PathOf("model.safetensors"), Fixture($"models/{variant}/model.safetensors"));
        var path = temporary.PathOf("config.json");
        Mutation.Run(path, Fixture($"models/{variant}/{name}"), Rounds / 5, seed: 15, () =>
        {
            try
            {
                CheckpointLoader.LoadModel(temporary.FullPath, torch.ScalarType.Float32, torch.CPU).Dispose();
            }
            catch (KpodException exception) when (exception.Message.Contains("the weight '", StringComparison.Ordinal) || exception.Message.Contains("have no place", StringComparison.Ordinal))
            {
                // A sound configuration of another model: the weights say so.
                throw new KpodException($"config.json: {exception.Message}");
            }

            EndTokens.Read(temporary.FullPath, 256);
        });
    }

    [Fact]
    public void Damaged_adapter_configurations_are_loaded_or_refused()
    {
        using var temporary = new TemporaryFolder();
        using var model = CheckpointLoader.LoadModel(SharedFolder.PathOf("fixtures", "models", "llama-gqa-tied"), torch.ScalarType.Float32, torch.CPU);
        File.WriteAllBytes(temporary.PathOf("adapter_model.safetensors"), Fixture("models/llama-gqa-tied/lora/adapter_model.safetensors"));
        var path = temporary.PathOf("adapter_config.json");
        Mutation.Run(path, Fixture("models/llama-gqa-tied/lora/adapter_config.json"), Rounds / 5, seed: 16, () =>
        {
            try
            {
                PeftAdapter.Load(model, temporary.FullPath).Detach();
            }
            catch (KpodException exception) when (exception.Message.StartsWith(temporary.PathOf("adapter_model.safetensors"), StringComparison.Ordinal))
            {
                throw new KpodException($"adapter_config.json: {exception.Message}");
            }
            finally
            {
                Assert.All(model.Linears, linear => Assert.Null(linear.Lora));
            }
        });
    }

    private static byte[] Fixture(string name) => File.ReadAllBytes(SharedFolder.PathOf(["fixtures", .. name.Split('/')]));
}

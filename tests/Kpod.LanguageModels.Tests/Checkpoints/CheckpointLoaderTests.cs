using System.Text.Json;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Testing;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints;

public sealed class CheckpointLoaderTests
{
    private static readonly SpecialTokenIds Tokens = new(1, [2], 0);

    [Fact]
    public void The_real_model_comes_with_the_tokenizer_inside_its_file()
    {
        using var checkpoint = CheckpointLoader.Load(SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf"), torch.ScalarType.BFloat16, torch.CPU);
        Assert.Equal([2], checkpoint.EndIds);
        Assert.Equal(2, checkpoint.Tokenizer.EndId);
        Assert.Equal(checkpoint.Model.VocabularySize, checkpoint.Tokenizer.VocabularySize);
        Assert.Equal(torch.ScalarType.BFloat16, checkpoint.Model.WeightType);
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "smollm2", "logprobs.json")));
        foreach (var row in document.RootElement.GetProperty("rows").EnumerateArray())
        {
            var expected = row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());
            Assert.Equal(expected, checkpoint.Tokenizer.Encode(row.GetProperty("text").GetString()!).Select(token => token.Id));
        }
    }

    [Fact]
    public void A_folder_gives_model_tokenizer_and_every_end_token()
    {
        using var temporary = new TemporaryFolder();
        WriteFolder(temporary, vocabularySize: 49160, endIds: [0, 5]);
        using var checkpoint = CheckpointLoader.Load(temporary.FullPath, torch.ScalarType.Float32, torch.CPU);

        // The tokenizer's own end token, <|im_end|>, counts beside those of the configuration.
        Assert.Equal([0, 5, 2], checkpoint.EndIds);
        Assert.Equal(49160, checkpoint.Model.VocabularySize);
        Assert.Equal(49152, checkpoint.Tokenizer.VocabularySize);
        Assert.Equal(temporary.FullPath, checkpoint.Path);
    }

    [Fact]
    public void A_vocabulary_larger_than_the_embedding_is_refused_before_the_weights_are_read()
    {
        using var temporary = new TemporaryFolder();
        WriteFolder(temporary, vocabularySize: 96, endIds: [2]);
        File.Delete(temporary.PathOf("model.safetensors"));
        var exception = Assert.Throws<KpodException>(() => CheckpointLoader.Load(temporary.FullPath, torch.ScalarType.Float32, torch.CPU));
        Assert.Equal($"{temporary.FullPath}: the tokenizer has 49152 tokens, but the model's embedding has 96 rows; model and tokenizer do not belong together.", exception.Message);
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_named()
    {
        using var temporary = new TemporaryFolder();
        Assert.Equal($"{temporary.PathOf("no")}: there is no such model; give a folder with config.json or a .gguf file.", Refusal(temporary.PathOf("no")));
    }

    [Fact]
    public void A_folder_without_configuration_points_to_the_gguf_in_it()
    {
        var folder = SharedFolder.PathOf("models", "SmolLM2-135M-Instruct");
        Assert.Equal($"{folder}: holds no config.json, so it is no model; did you mean {Path.Combine(folder, "SmolLM2-135M-Instruct.Q4_1.gguf")}?", Refusal(folder));
    }

    [Theory]
    [InlineData("pytorch_model.bin", "is a PyTorch pickle, which can run any program")]
    [InlineData("model.pt", "is a PyTorch pickle, which can run any program")]
    [InlineData("model.safetensors", "of a safetensors file give the folder")]
    [InlineData("notes.txt", "a model is a .gguf file or a folder with config.json")]
    public void A_file_of_another_kind_is_refused_with_the_way_out(string name, string message)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.PathOf(name), "x");
        Assert.Contains(message, Refusal(temporary.PathOf(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void Pickled_weights_beside_a_configuration_are_refused()
    {
        using var temporary = new TemporaryFolder();
        File.Copy(SharedFolder.PathOf("fixtures", "models", "llama-gqa-tied", "config.json"), temporary.PathOf("config.json"));
        File.WriteAllBytes(temporary.PathOf("pytorch_model.bin"), [0x50, 0x4b]);
        Assert.StartsWith($"{temporary.PathOf("pytorch_model.bin")}: is a PyTorch pickle", Refusal(temporary.FullPath), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_the_model_would_not_use_are_refused()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        HuggingFaceFolder.Save(temporary.FullPath, model, Tokens);
        SafetensorsWriter.Write(temporary.PathOf("model.safetensors"), [.. model.Weights, KeyValuePair.Create("model.layers.0.self_attn.q_proj.bias", torch.ones(32))]);
        var message = Refusal(temporary.FullPath);
        Assert.Contains("1 weights ('model.layers.0.self_attn.q_proj.bias') have no place in a model of the configuration", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_old_checkpoints_hold_beside_their_weights_is_passed_over()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama();
        HuggingFaceFolder.Save(temporary.FullPath, model, Tokens);
        SafetensorsWriter.Write(
            temporary.PathOf("model.safetensors"),
            [.. model.Weights, KeyValuePair.Create("model.layers.0.self_attn.rotary_emb.inv_freq", torch.ones(4)), KeyValuePair.Create("lm_head.weight", model.InputEmbedding)]);
        CheckpointLoader.LoadModel(temporary.FullPath, torch.ScalarType.Float32, torch.CPU).Dispose();
    }

    [Fact]
    public void A_failed_load_leaves_no_tensors_behind()
    {
        using var temporary = new TemporaryFolder();
        using (torch.NewDisposeScope())
        using (var model = TinyModel.Llama())
        {
            HuggingFaceFolder.Save(temporary.FullPath, model, Tokens);
            SafetensorsWriter.Write(temporary.PathOf("model.safetensors"), model.Weights.Where(weight => weight.Key != "model.norm.weight"));
        }

        LeakCheck.IsFlat(() => Refusal(temporary.FullPath));
    }

    [Fact]
    public void The_fingerprint_follows_the_content_and_nothing_else()
    {
        using var temporary = new TemporaryFolder();
        using var model = TinyModel.Llama();
        using var other = TinyModel.Llama(seed: 2);
        HuggingFaceFolder.Save(temporary.PathOf("first"), model, Tokens);
        HuggingFaceFolder.Save(temporary.PathOf("copy"), model, Tokens);
        HuggingFaceFolder.Save(temporary.PathOf("other"), other, Tokens);
        var first = CheckpointLoader.Fingerprint(temporary.PathOf("first"));
        Assert.Equal(64, first.Length);
        File.WriteAllText(temporary.PathOf("copy", "README.md"), "A note changes nothing.");
        Assert.Equal(first, CheckpointLoader.Fingerprint(temporary.PathOf("copy")));
        Assert.NotEqual(first, CheckpointLoader.Fingerprint(temporary.PathOf("other")));
        File.WriteAllText(temporary.PathOf("copy", "tokenizer.json"), "{}");
        Assert.NotEqual(first, CheckpointLoader.Fingerprint(temporary.PathOf("copy")));
    }

    [Fact]
    public void The_fingerprint_of_a_file_does_not_depend_on_its_name_and_covers_all_parts()
    {
        using var temporary = new TemporaryFolder();
        var source = SharedFolder.PathOf("fixtures", "gguf", "models", "qwen2-F32.gguf");
        File.Copy(source, temporary.PathOf("renamed.gguf"));
        Assert.Equal(CheckpointLoader.Fingerprint(source), CheckpointLoader.Fingerprint(temporary.PathOf("renamed.gguf")));
        for (var part = 1; part <= 3; part++)
        {
            var name = $"split-0000{part}-of-00003.gguf";
            File.WriteAllBytes(temporary.PathOf(name), File.ReadAllBytes(SharedFolder.PathOf("fixtures", "gguf", "metadata", name)));
        }

        var first = temporary.PathOf("split-00001-of-00003.gguf");
        var before = CheckpointLoader.Fingerprint(first);
        var last = temporary.PathOf("split-00003-of-00003.gguf");
        var bytes = File.ReadAllBytes(last);
        bytes[^40] ^= 1;
        File.WriteAllBytes(last, bytes);
        Assert.NotEqual(before, CheckpointLoader.Fingerprint(first));
    }

    [Fact]
    public void The_fingerprint_of_nothing_is_refused()
    {
        using var temporary = new TemporaryFolder();
        Assert.StartsWith($"{temporary.PathOf("no.gguf")}: cannot be read", Assert.Throws<KpodException>(() => CheckpointLoader.Fingerprint(temporary.PathOf("no.gguf"))).Message, StringComparison.Ordinal);
    }

    private static void WriteFolder(TemporaryFolder temporary, int vocabularySize, int[] endIds)
    {
        using var model = TinyModel.Llama(vocabularySize: vocabularySize);
        HuggingFaceFolder.Save(temporary.FullPath, model, new SpecialTokenIds(1, endIds, null));
        foreach (var name in new[] { "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json" })
        {
            File.Copy(SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", name), temporary.PathOf(name));
        }
    }

    private static string Refusal(string path) => Assert.Throws<KpodException>(() => CheckpointLoader.LoadModel(path, torch.ScalarType.Float32, torch.CPU)).Message;
}

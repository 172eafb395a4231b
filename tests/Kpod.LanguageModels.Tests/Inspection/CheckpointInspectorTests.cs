using System.Text.Json;
using Kpod.LanguageModels.Inspection;
using Kpod.Testing;

namespace Kpod.LanguageModels.Tests.Inspection;

public sealed class CheckpointInspectorTests
{
    [Fact]
    public void A_gguf_file_is_listed_as_the_reference_lists_it()
    {
        var path = SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");
        var found = CheckpointInspector.Inspect(path);
        using var expected = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "gguf", "metadata", "expected_smollm2.json")));
        Assert.Equal("GGUF file, version 3", found.Kind);
        Assert.Null(found.Fault);
        Assert.Equal(
            expected.RootElement.GetProperty("tensors").EnumerateArray().Select(tensor => $"{tensor.GetProperty("name")} {tensor.GetProperty("type")} {tensor.GetProperty("bytes")}"),
            found.Tensors.Select(tensor => $"{tensor.Name} {tensor.Type} {tensor.Bytes}"));
        Assert.Equal(134_515_008, found.Elements);
        Assert.Equal(4 * 134_515_008L, found.BytesAsFloat32);
        Assert.Equal(2 * 134_515_008L, found.BytesAsBfloat16);
        Assert.Equal([new InspectedType("Q4_1", 210, 106_168_320, 66_355_200), new InspectedType("Q8_0", 1, 28_311_552, 30_081_024), new InspectedType("F32", 61, 35_136, 140_544)], found.Types);
        Assert.Equal("49152 of String", found.Configuration["tokenizer.ggml.tokens"]);
        Assert.Equal(30u, found.Configuration["llama.block_count"]);
        Assert.Equal(["en"], Assert.IsType<object[]>(found.Configuration["general.languages"]));
        var tokenizer = found.Tokenizer!;
        Assert.Equal(("gpt2, smollm", 49152, 17, "<|im_start|> (1)", "<|im_end|> (2)", true), (tokenizer.Kind, tokenizer.Tokens, tokenizer.Special, tokenizer.Begin, tokenizer.End, tokenizer.ChatTemplate));
        Assert.Empty(tokenizer.Before);
    }

    [Fact]
    public void A_model_folder_shows_its_configuration_and_its_shards_as_one()
    {
        var found = CheckpointInspector.Inspect(SharedFolder.PathOf("fixtures", "models", "llama-sharded"));
        Assert.Equal("Hugging Face folder", found.Kind);
        Assert.Equal("llama", found.Configuration["model_type"]);
        Assert.Equal(376_128, found.Bytes);
        Assert.Null(found.Tokenizer);
        Assert.Null(found.Fault);
    }

    [Fact]
    public void An_adapter_is_shown_with_what_speaks_against_it()
    {
        var found = CheckpointInspector.Inspect(SharedFolder.PathOf("fixtures", "models", "qwen2", "lora-patterns"));
        Assert.Equal("PEFT adapter", found.Kind);
        Assert.Contains("rank_pattern is ", found.Fault, StringComparison.Ordinal);
        Assert.Null(CheckpointInspector.Inspect(SharedFolder.PathOf("fixtures", "models", "t5-flan-gated-untied", "lora")).Fault);
    }

    [Fact]
    public void A_model_that_is_not_implemented_is_listed_all_the_same()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.PathOf("config.json"), """{"model_type": "falcon", "hidden_size": 8}""");
        File.Copy(SharedFolder.PathOf("fixtures", "safetensors-broken", "valid.safetensors"), temporary.PathOf("model.safetensors"));
        var found = CheckpointInspector.Inspect(temporary.FullPath);
        Assert.Contains("model_type is \"falcon\"", found.Fault, StringComparison.Ordinal);
        Assert.NotEmpty(found.Tensors);
    }

    [Theory]
    [InlineData("llama", "tokenizer.model", "tokenizer.model", 32000)]
    [InlineData("flan-t5", "spiece.model", "spiece.model", 32000)]
    public void A_tokenizer_is_shown_in_figures(string folder, string file, string kind, int tokens)
    {
        var found = CheckpointInspector.Inspect(SharedFolder.PathOf("tokenizers", folder, file));
        Assert.Equal((kind, tokens), (found.Tokenizer!.Kind, found.Tokenizer.Tokens));
        Assert.Empty(found.Tensors);
    }

    [Fact]
    public void A_tokenizers_folder_shows_what_is_put_around_a_text()
    {
        var found = CheckpointInspector.Inspect(SharedFolder.PathOf("fixtures", "tokenizers", "flan-t5")).Tokenizer!;
        Assert.Equal(("tokenizer.json", 32100, "</s> (1)", "<unk> (2)", false), (found.Kind, found.Tokens, found.End, found.Unknown, found.ChatTemplate));
        Assert.Equal(["</s> (1)"], found.After);
    }

    [Theory]
    [InlineData("model.bin", "is a PyTorch pickle, which can run any program when it is opened")]
    [InlineData("model.pt", "is a PyTorch pickle")]
    [InlineData("notes.txt", "is of no kind that is known here")]
    public void What_cannot_be_looked_into_is_refused_with_the_reason(string name, string message)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.PathOf(name), "something");
        var fault = Assert.Throws<KpodException>(() => CheckpointInspector.Inspect(temporary.PathOf(name)));
        Assert.StartsWith($"{temporary.PathOf(name)}: {message}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_with_nothing_in_it_is_named()
    {
        using var temporary = new TemporaryFolder();
        Assert.EndsWith("there is no such file or folder.", Assert.Throws<KpodException>(() => CheckpointInspector.Inspect(temporary.PathOf("x"))).Message, StringComparison.Ordinal);
        Assert.Contains("holds neither config.json", Assert.Throws<KpodException>(() => CheckpointInspector.Inspect(temporary.FullPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_files_get_a_message_and_nothing_worse()
    {
        var refused = 0;
        foreach (var path in Directory.GetFiles(SharedFolder.PathOf("fixtures", "gguf", "broken"), "*.gguf").Concat(Directory.GetFiles(SharedFolder.PathOf("fixtures", "safetensors-broken"), "*.safetensors")))
        {
            try
            {
                CheckpointInspector.Inspect(path);
            }
            catch (KpodException fault)
            {
                Assert.Contains(Path.GetFileName(path), fault.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 80, 170);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Export;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.Native;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Tests.Checkpoints;
using Kpod.Testing;
using Kpod.Tokenizers.Files;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Export;

public sealed class HuggingFaceExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama-gqa-tied-F32", "llama-gqa-tied")]
    [InlineData("llama-mha-untied-F32", "llama-mha-untied")]
    [InlineData("mistral-F32", "mistral")]
    [InlineData("qwen2-F32", "qwen2")]
    [InlineData("qwen3-F32", "qwen3")]
    [InlineData("t5-flan-gated-untied-F32", "t5-flan-gated-untied")]
    [InlineData("t5-v1_0-relu-tied-F32", "t5-v1_0-relu-tied")]
    public void A_gguf_file_becomes_the_checkpoint_that_it_was_made_of(string gguf, string variant)
    {
        var target = _folder.PathOf("out");
        TestStudent.Export(new ExportOptions { Model = TestStudent.Gguf(gguf), Target = target });
        Assert.Equal(File.ReadAllBytes(Path.Combine(TestStudent.Variant(variant), "model.safetensors")), File.ReadAllBytes(Path.Combine(target, "model.safetensors")));
        var (expected, actual) = (Parse(TestStudent.Variant(variant)), Parse(target));

        // What GGUF does not say: that a llama is a mistral; and transformers 5 writes "tied" for every T5.
        actual = expected is T5Configuration t5 ? (T5Configuration)actual with { TiedEmbeddings = t5.TiedEmbeddings } : actual with { Family = expected.Family };
        Assert.Equal(expected, actual);
        using var generation = JsonDocument.Parse(File.ReadAllText(Path.Combine(target, "generation_config.json")));
        using var original = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestStudent.Variant(variant), "generation_config.json")));
        Assert.Equal(original.RootElement.GetProperty("eos_token_id").GetRawText(), generation.RootElement.GetProperty("eos_token_id").GetRawText());
    }

    [Theory]
    [InlineData("llama-mha-untied", "llama-mha-untied-F32", "lora")]
    [InlineData("llama-mha-untied", "llama-mha-untied-F32", "lora-rslora")]
    [InlineData("llama-gqa-tied", "llama-gqa-tied-F32", "lora-qv")]
    [InlineData("qwen2", "qwen2-F32", "lora")]
    [InlineData("t5-flan-gated-untied", "t5-flan-gated-untied-F32", "lora")]
    public void Merged_logits_are_those_of_peft(string variant, string gguf, string adapter)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var target = _folder.PathOf("merged");
        var report = TestStudent.Export(new ExportOptions { Model = TestStudent.Folder(_folder, variant, gguf), Adapter = Path.Combine(TestStudent.Variant(variant), adapter), Target = target });
        Assert.InRange(report.Gate!.LargestDifference, 0, 1e-5);
        Assert.Equal(1, report.Gate.SameBest);
        Assert.InRange(report.Gate.ShareOfAdapter!.Value, 0, 1e-4);
        using var model = CheckpointLoader.LoadModel(target, torch.ScalarType.Float32, torch.CPU);
        using var batch = new SafetensorsFile(Path.Combine(TestStudent.Variant(variant), "reference.safetensors"));
        using var numbers = new SafetensorsFile(Path.Combine(TestStudent.Variant(variant), adapter, "reference.safetensors"));
        TensorAssert.Close(numbers.Read("merged_logits"), ReferenceLogits.Of(model, batch), 1e-5, "merged_logits");
    }

    [Fact]
    public void A_folder_keeps_everything_that_its_files_say()
    {
        var source = TestStudent.Folder(_folder, "qwen2", "qwen2-F32");
        File.WriteAllText(Path.Combine(source, "LICENSE"), "free");
        File.WriteAllText(Path.Combine(source, "README.md"), "of the base");
        var configuration = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        configuration["something_of_a_later_release"] = 1.50;
        File.WriteAllText(Path.Combine(source, "config.json"), configuration.ToJsonString());
        var target = _folder.PathOf("out");
        var report = TestStudent.Export(new ExportOptions { Model = source, Target = target, Type = ExportType.Float16, Tolerance = 1 });
        Assert.Equal("float16", report.Type);
        configuration["dtype"] = "float16";
        Assert.True(JsonNode.DeepEquals(configuration, JsonNode.Parse(File.ReadAllText(Path.Combine(target, "config.json")))));
        string[] same = ["tokenizer.json", "tokenizer_config.json", "generation_config.json", "LICENSE"];
        Assert.All(same, name => Assert.Equal(File.ReadAllBytes(Path.Combine(source, name)), File.ReadAllBytes(Path.Combine(target, name))));
        Assert.Equal([.. same.Append("config.json").Append("model.safetensors").Order(StringComparer.Ordinal)], report.Files.Select(file => file.Name));
        Assert.False(File.Exists(Path.Combine(target, "README.md")));
        using var file = new SafetensorsFile(Path.Combine(target, "model.safetensors"));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.All(file.Tensors.Values, tensor => Assert.Equal("F16", tensor.TypeName));
        Assert.Equal(0, BitConverter.ToInt64(File.ReadAllBytes(Path.Combine(target, "model.safetensors"))) % 8);
    }

    [Fact]
    public void Rotary_divisors_that_no_config_json_can_say_are_refused_by_name()
    {
        var fault = Assert.Throws<KpodException>(() => TestStudent.Export(new ExportOptions { Model = TestStudent.Gguf("llama-rope-llama3-F32"), Target = _folder.PathOf("out") }));
        Assert.Contains("one divisor per frequency", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullPath));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(32)]
    public void The_published_scaling_is_known_by_its_divisors(double factor)
    {
        var rule = new RopeScaling.Llama3(factor, 1, 4, 8192);
        var source = TestStudent.Folder(_folder, "llama-rope-llama3", "llama-rope-llama3-F32");
        var configuration = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        configuration["rope_parameters"]!["factor"] = factor;
        configuration["rope_parameters"]!["original_max_position_embeddings"] = 8192;
        File.WriteAllText(Path.Combine(source, "config.json"), configuration.ToJsonString());
        TestStudent.Export(new ExportOptions { Model = source, Target = _folder.PathOf("m.gguf"), Format = ExportFormat.Gguf });
        var report = TestStudent.Export(new ExportOptions { Model = _folder.PathOf("m.gguf"), Target = _folder.PathOf("back") });
        Assert.InRange(report.Gate!.LargestDifference, 0, 1e-5);
        Assert.Equal(rule, ((LlamaConfiguration)Parse(_folder.PathOf("back"))).RopeScaling);
        Assert.Equal([2, 5], EndTokens.Read(_folder.PathOf("back"), 256));
    }

    [Fact]
    public void Weights_in_half_the_memory_are_written_as_they_were()
    {
        var target = _folder.PathOf("out");
        var report = TestStudent.Export(new ExportOptions { Model = TestStudent.Gguf("llama-bf16-BF16"), Target = target, Precision = WeightPrecision.Bfloat16 });
        Assert.Equal("bfloat16", report.Type);
        Assert.Equal(0, report.Gate!.LargestDifference);
        Assert.Equal(File.ReadAllBytes(Path.Combine(TestStudent.Variant("llama-bf16"), "model.safetensors")), File.ReadAllBytes(Path.Combine(target, "model.safetensors")));
    }

    [Fact]
    public void An_export_that_is_given_up_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var options = new ExportOptions { Model = TestStudent.Gguf("qwen2-F32"), Target = _folder.PathOf("deep", "out") };
        Assert.Throws<OperationCanceledException>(() => ModelExporter.Export(options, line => Cancel(line, cancel), cancel.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public void An_adapter_is_copied_with_the_name_of_its_base_elsewhere()
    {
        var source = Path.Combine(TestStudent.Variant("qwen2"), "lora");
        var target = _folder.PathOf("adapter");
        var report = TestStudent.Export(new ExportOptions { Model = TestStudent.Folder(_folder, "qwen2", "qwen2-F32"), Adapter = source, Target = target, Format = ExportFormat.Peft, Name = "some/base" });
        Assert.Null(report.Gate);
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "adapter_model.safetensors")), File.ReadAllBytes(Path.Combine(target, "adapter_model.safetensors")));
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "adapter_config.json")))!;
        expected["base_model_name_or_path"] = "some/base";
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(File.ReadAllText(Path.Combine(target, "adapter_config.json")))));
    }

    [Fact]
    public void The_real_model_keeps_its_logits_in_shards_and_in_eight_bits()
    {
        var source = SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");
        GateText[] few = [new("Q: Tom has 3 apples and buys 14. How many has he? A:")];
        var folder = TestStudent.Export(new ExportOptions { Model = source, Target = _folder.PathOf("hf"), ShardBytes = 100_000_000, Texts = few });
        var shards = folder.Files.Where(file => file.Name.EndsWith(".safetensors", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, shards.Length);
        Assert.All(shards, file => Assert.InRange(file.Bytes, 1, 100_100_000));
        Assert.InRange(folder.Gate!.LargestDifference, 1e-6, 0.02);
        var eightBits = TestStudent.Export(new ExportOptions { Model = _folder.PathOf("hf"), Target = _folder.PathOf("q8.gguf"), Format = ExportFormat.Gguf, Type = ExportType.Q80, Texts = few });
        Assert.InRange(eightBits.Gate!.LargestDifference, 1e-4, 0.08);
        TestContext.Current.TestOutputHelper?.WriteLine($"bfloat16 {folder.Gate.LargestDifference:E1} (divergence {folder.Gate.MeanDivergence:E1}), Q8_0 {eightBits.Gate.LargestDifference:E1} ({eightBits.Gate.MeanDivergence:E1})");

        // Twice converted, the tokenizer is still that of the first file.
        using var first = new GgufFile(source);
        using var last = new GgufFile(_folder.PathOf("q8.gguf"));
        Assert.Equal(first.Metadata.Values["tokenizer.ggml.tokens"], last.Metadata.Values["tokenizer.ggml.tokens"]);
        Assert.Equal(first.Metadata.Values["tokenizer.ggml.merges"], last.Metadata.Values["tokenizer.ggml.merges"]);
        Assert.Equal(first.Metadata.Values["tokenizer.chat_template"], last.Metadata.Values["tokenizer.chat_template"]);
        Assert.Equal(17, Enumerable.Range(0, 49152).Count(TokenizerFile.Load(_folder.PathOf("hf")).IsSpecial));
    }

    private static void Cancel(string line, CancellationTokenSource cancel)
    {
        if (line.StartsWith("writing", StringComparison.Ordinal))
        {
            cancel.Cancel();
        }
    }

    private static ModelConfiguration Parse(string folder) => ModelArchitectures.Parse(File.ReadAllText(Path.Combine(folder, "config.json")), "config.json");
}
